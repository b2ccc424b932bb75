/**
 * Experiments that teach: settings that differ from the defaults in the one thing that each is about.
 * What text/learn.js says of them held for each of the seeds 1 to 10 (of five repeats: the first seed), of `fast` and `rates` for 1 to 20,
 * of the experiments from `optimizers` on for 1 to 3 at least. `log`: best seen on a logarithmic loss axis.
 */
export const PRESETS = [
  { id: 'seed', settings: {} },
  { id: 'repeats', settings: { repeats: 5 } },
  { id: 'fast', settings: { learningRate: 0.15, epochs: 5 }, log: true },
  { id: 'deep', settings: { hiddenLayers: [32, 32, 32, 32, 32, 32, 32, 32] } },
  { id: 'tiny', settings: { batchSize: 4, epochs: 3 } },
  { id: 'eval', settings: { batchSize: 4, epochs: 3, trainModeTest: true } },
  { id: 'rates', settings: { epochs: 5, variants: [{ normalization: 'none', learningRate: 0.001 }, { normalization: 'batch', learningRate: 0.02 }] } },
  { id: 'wide', settings: { hiddenLayers: [512, 256], epochs: 5 } },
  {
    id: 'optimizers',
    settings: {
      epochs: 5,
      variants: [
        { optimizer: 'sgd', learningRate: 0.1 },
        { optimizer: 'momentum', learningRate: 0.01 },
        { optimizer: 'adam', learningRate: 0.001 },
      ],
    },
  },
  { id: 'tanh', settings: { activation: 'tanh' } },
  { id: 'small', settings: { initialScale: 0.1 } },
  {
    id: 'dropout',
    settings: {
      variants: [
        { normalization: 'none' },
        { normalization: 'none', dropout: 0.5 },
        { normalization: 'batch' },
        { normalization: 'batch', dropout: 0.5 },
      ],
    },
  },
  {
    id: 'single',
    settings: { batchSize: 1, learningRate: 0.0002, trainingExamples: 1000, epochs: 3, variants: [{ normalization: 'none' }, { normalization: 'layer' }] },
  },
  { id: 'fashion', settings: { dataset: 'fashion-mnist' } },
];

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
/** What variants change, whatever they are called and in which order it is said. */
const bare = (variants) => variants.map(({ name, ...patch }) => Object.entries(patch).filter(([, value]) => value !== null && value !== undefined).sort());

/** The preset that a run's settings are, whatever its seed and pace, and if none has its repeats, its repeats; or null. */
export function presetOf(settings, defaults) {
  if (!Array.isArray(defaults.variants)) return null;
  // Runs of before there was some setting don't say it.
  const { seed, lens, iterationsPerSecond, ...fixed } = { ...defaults, ...settings };
  const isOf = (wanted, keys) => keys.every((key) => (key === 'variants' ? same(bare(fixed[key]), bare(wanted[key])) : same(fixed[key], wanted[key])));
  const among = (keys) => PRESETS.find(({ settings: own }) => isOf({ ...defaults, ...own }, keys));
  const keys = Object.keys(fixed);
  return among(keys) ?? among(keys.filter((key) => key !== 'repeats')) ?? null;
}
