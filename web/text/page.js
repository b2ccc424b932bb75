/** The words of the page around a run, and of what is done with one: name and note, pace, looking back. No imports. */

export const LIVE = {
  live: 'Live',
  connecting: 'Connecting\u2026',
  offline: 'Not live: reconnecting\u2026',
  fetching: 'Fetching',
};

export const LABEL = {
  edit: 'Name and note',
  name: 'Name',
  note: 'Note',
  notePlaceholder: 'What did you want to find out?',
  conflict: 'Somebody else has changed this meanwhile. Save puts yours in its place.',
  theirs: 'What it is now:',
  nothing: '(nothing)',
  take: 'Take this',
};

export const PACE = {
  label: 'Pace',
  full: 'Full speed',
  of: (perSecond) => `${perSecond} iterations/s`,
  failed: 'The pace could not be changed. Try again.',
};

export const FORM = {
  more: 'More settings',
  defaults: 'Back to the defaults',
  start: 'Start',
  /** What an empty field without a default stands for. */
  empty: { iterationsPerSecond: 'Full speed' },
  addVariant: 'Add a variant',
  removeVariant: (number) => `Remove variant ${number}`,
  remove: 'Remove',
  variant: (number) => `Variant ${number}`,
  /** Of what differs in a variant. */
  difference: 'What differs',
  addDifference: 'Add a difference',
  addDifferenceTo: (number) => `Add a difference to variant ${number}`,
  removeDifference: (title) => `${title}: no difference`,
  noDifference: 'The run\u2019s settings as they are.',
  group: { data: 'Data', network: 'Network', training: 'Training', watching: 'Watching' },
  /** A dataset among others. */
  dataset: (title, classes, training, test) => `${title}: ${classes} classes, ${training} + ${test} images`,
  unusable: (title) => `${title}: can\u2019t be used`,
  gone: (name) => `${name}: not on this server`,
};

export const DETAILS = {
  csv: 'Curves (CSV)',
  layers: 'Layers (CSV)',
  json: 'Events (JSON)',
  status: 'Status',
  created: 'Created',
  started: 'Started',
  ended: 'Ended',
  run: 'Run',
  deletable: 'A run can be deleted once it has ended.',
  remove: 'Delete run',
  removeForGood: 'Delete',
  keep: 'Keep it',
  epoch: 'Epoch',
  columns: ['training loss', 'test loss', 'test accuracy'],
  caption: 'Results at the end of each epoch',
};

/** Trained networks to download. */
export const MODELS = {
  title: 'Trained network',
  dl4j: 'DeepLearning4J (zip)',
  npz: 'NumPy arrays (npz)',
  repeat: (repeat, seed) => `, repeat ${repeat}, seed ${seed}`,
};

export const PARTS = { label: 'Parts of this page' };

/** For those who know what a neural network is, and not what Batch Normalization does. */
export const ABOUT = {
  title: 'What am I looking at?',
  columns: [
    {
      title: 'Networks in a race',
      text: [
        'They learn to tell images apart, handwritten digits unless you choose others: from the same images in the same order, and layers that are alike start from the same weights. So what differs between their curves comes from the settings in which they differ.',
        'Loss says how wrong a network is on what it trains on, in nats: lower is better, and guessing among ten classes gives 2.3. Test accuracy is the share of images it has never seen that it names correctly; guessing among ten gives 10%.',
      ],
    },
    {
      title: 'Batch Normalization',
      text: [
        'Before each activation (a ReLU, unless you choose another), every unit\u2019s values are brought to mean 0 and spread 1 over the current mini-batch; two learned numbers, \u03b3 and \u03b2, then let the unit choose another spread and mean.',
        'So each layer gets inputs of a steady scale while the layers before it change. In use, when there is no batch, averages kept from training, the running statistics, stand in.',
      ],
    },
    {
      title: 'When does it help?',
      text: [
        'Usually early on, in deep networks, and with learning rates that are too high otherwise. It helps less with tiny batches, whose mean and spread are noisy, and it makes each step cost more. See for yourself:',
      ],
      experiments: ['fast', 'deep', 'tiny'],
    },
  ],
};

/** The charts, the numbers over them, and the lanes. */
export const CHART = {
  atEpoch: (epoch) => `Epoch ${epoch}`,
  all: (iterations) => `All ${iterations} iterations`,
  allEpochs: (epochs) => `All epochs, ${epochs}`,
  difference: 'Difference',
  differenceSpoken: (value) => `difference ${value}`,
  raw: (loss) => `raw ${loss}`,
  points: (number) => `${number} points`,
  divergedAt: (variant, iteration) => `${variant}: diverged at iteration ${iteration}`,
  /** What an axis counts. */
  base: { iteration: 'iteration', examples: 'examples seen', epoch: 'epoch', seconds: 'seconds' },
  nats: 'nats',
  pointsUnit: 'points',
  testImages: 'share of test images',
  /** Of the smoothing. */
  weight: (weight) => `weight ${weight}`,
};

export const LANE = {
  epoch: 'Epoch',
  ofEpochs: (epochs) => ` of ${epochs}`,
  loss: 'Training loss',
  nats: ' nats',
  accuracy: 'Test accuracy',
  speed: 'Speed',
  imagesPerSecond: ' images/s',
  track: (variant) => `${variant}, iterations done`,
};

export const REPLAY = { open: 'Replay', slowly: 'Replay slowly', back: 'Look back', play: 'Play', pause: 'Pause', close: 'Close', live: 'Back to live' };

export const THEME = { light: 'Light theme', dark: 'Dark theme' };
