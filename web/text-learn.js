/** The words that teach: presets, the difference, what a run shows. */

export const PRESET = {
  seed: {
    name: 'The first experiment',
    change: 'all defaults',
    look: 'With BatchNorm the accuracy is several points higher after epoch 1; then the gap narrows.',
  },
  fast: {
    name: 'Learning rate too high',
    change: 'learning rate 0.1, 5 epochs',
    look: 'Without BatchNorm the network hardly gets beyond guessing (10%) and ends below 25%; with it, about 90%.',
  },
  deep: {
    name: 'Deep and narrow',
    change: '8 hidden layers of 32',
    look: 'Without BatchNorm a deep network learns slowly and ends at 71 to 81%; with it, at about 91%.',
  },
  tiny: {
    name: 'Batches of 4',
    change: 'batch size 4, 3 epochs',
    look: 'Mean and variance of 4 images are noisy: the lead of BatchNorm all but vanishes.',
  },
  rates: {
    name: 'A learning rate each',
    change: '0.001 without, 0.05 with, 5 epochs',
    look: 'With BatchNorm the network takes steps 50 times as large, and still ends ahead.',
  },
  wide: {
    name: 'Wide',
    change: 'hidden layers 512, 256, 5 epochs',
    look: 'More units help most without BatchNorm; after epoch 1 it still trails by several points.',
  },
};

export const LOOK = 'What to look for: ';
