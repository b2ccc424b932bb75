/** What variants and runs are called. */

/** A sentence's first letter. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const LABEL = { none: 'Without BatchNorm', batch: 'With BatchNorm', layer: 'With LayerNorm' };
const PHRASE = { none: 'without BatchNorm', batch: 'with BatchNorm', layer: 'with LayerNorm' };
const SHORT = { none: 'without', batch: 'with BatchNorm', layer: 'with LayerNorm' };

/** A variant as the seed names it, unless it was given a name of its own. */
export const variantLabel = ({ name, normalization }) =>
  name === undefined || name === normalization ? (LABEL[normalization] ?? normalization) : name;

/** A variant within a sentence. */
export const phrase = ({ name, normalization }) =>
  name === normalization && PHRASE[normalization] ? PHRASE[normalization] : `for \u201c${name}\u201d`;

export const VALUE = {
  mnist: 'MNIST',
  'fashion-mnist': 'Fashion-MNIST',
  none: 'None',
  batch: 'Batch Normalization',
  layer: 'Layer Normalization',
  mlp: 'multilayer perceptron',
  relu: 'ReLU',
  gelu: 'GELU',
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  nesterov: 'SGD with Nesterov\u2019s momentum',
  rmsprop: 'RMSprop',
};

/** A variant in the list of a run's settings. */
export function variantFacts({ name, normalization, ...patch }) {
  const what = Object.entries(patch).map(([field, value]) => `${words(field)} ${VALUE[value] ?? (Array.isArray(value) ? value.join(', ') : value)}`);
  if (normalization !== undefined) what.unshift(normalization === 'none' ? 'no normalization' : (VALUE[normalization] ?? normalization));
  return `${name ?? normalization}: ${what.join(', ') || 'as the run'}`;
}

const words = (field) => field.replace(/\p{Lu}/gu, (letter) => ` ${letter.toLowerCase()}`);

/** What differs between the variants of a run, in a few words. */
export function runTitle({ variants }) {
  const plain = variants.every(({ name, normalization }) => name === undefined || name === normalization);
  if (!plain) return variants.map(variantLabel).join(' / ');
  const words = variants.map(({ normalization }) => SHORT[normalization] ?? normalization).join(' / ');
  return capital(words);
}

/** What a run, or its state, is called: the name that somebody gave it, or what its variants differ in. */
export const titleOf = ({ name, settings }) => name ?? runTitle(settings);
