/**
 * The variants of a run as they are trained: the run's settings, with what each says itself in their place. No DOM.
 *
 * A variant is its name and the settings that it changes; one that was stored before it could change any of them says
 * its normalization, perhaps its learning rate. All that is asked of what variants differ in is answered here.
 */

/** What a variant may change, in the order in which it is told. */
export const FIELDS = ['network', 'hiddenLayers', 'activation', 'normalization', 'dropout', 'initialScale', 'optimizer', 'learningRate', 'momentum', 'weightDecay', 'batchSize'];

/** What is usual, and what runs did that were stored before they could do anything else. */
export const USUAL = { network: 'mlp', activation: 'relu', normalization: 'none', dropout: 0, initialScale: 1, optimizer: 'adam', weightDecay: 0 };

const WITH_MOMENTUM = new Set(['momentum', 'nesterov']);

/** A setting that plays no part in a network's training does not set it apart from others. */
const applies = (field, { optimizer }) => field !== 'momentum' || WITH_MOMENTUM.has(optimizer);

const same = (field, variants) => {
  const values = variants.map(({ settings }) => (applies(field, settings) ? JSON.stringify(settings[field]) : null));
  return values.every((value) => value === values[0]);
};

/**
 * @returns for each variant { name, index, settings: its own, all of them; normalization; differing: the fields in which
 *     the variants differ and that apply to this one; ofBatchNorm: is BatchNorm what the run compares? }
 */
export function variantsOf({ variants, ...run }) {
  const resolved = variants.map(({ name, ...patch }, index) => {
    const settings = { ...USUAL, ...run, ...defined(patch) };
    return { name: name ?? settings.normalization, index, settings, normalization: settings.normalization };
  });
  const differing = FIELDS.filter((field) => !same(field, resolved));
  const ofBatchNorm = isOfBatchNorm(resolved, differing);
  return resolved.map((variant) => ({ ...variant, differing: differing.filter((field) => applies(field, variant.settings)), ofBatchNorm }));
}

const defined = (patch) => Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined && value !== null));

/** Two networks, one without and one with BatchNorm, alike in all else; at most each at the learning rate that it can bear. */
function isOfBatchNorm(variants, differing) {
  const kinds = variants.map(({ normalization }) => normalization).sort().join();
  return kinds === 'batch,none' && differing.every((field) => field === 'normalization' || field === 'learningRate');
}

/** What one training of these settings does: iterations in an epoch and in all, and the examples that they take. */
export function scheduleOf({ trainingExamples, batchSize, epochs }) {
  const perEpoch = Math.max(1, Math.ceil(trainingExamples / batchSize));
  return { perEpoch, total: perEpoch * epochs, batchSize, examples: trainingExamples };
}

/** Examples that were learnt from after so many iterations; an epoch's last batch may be smaller. */
export function examplesAfter({ perEpoch, batchSize, examples }, iteration) {
  const epochs = Math.floor(iteration / perEpoch);
  return epochs * examples + Math.min(examples, (iteration - epochs * perEpoch) * batchSize);
}

/** The iteration, perhaps not a whole one, after which so many examples were learnt from. */
export function iterationAfter({ perEpoch, batchSize, examples }, seen) {
  const epochs = Math.floor(seen / examples);
  const rest = seen - epochs * examples;
  const whole = Math.min(perEpoch - 1, Math.floor(rest / batchSize));
  const started = rest - whole * batchSize;
  const size = Math.min(batchSize, examples - whole * batchSize);
  return epochs * perEpoch + whole + (size > 0 ? started / size : 0);
}
