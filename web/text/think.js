/** The words of what the networks see. `images` says what their images show: `digits` or not, `title`, `classes`. */
import { capital, phrase, variantLabel } from './names.js';
import { integer } from './numbers.js';

/** One of a run's images. */
const item = ({ digits }) => (digits ? 'digit' : 'image');

export const THINK = {
  title: 'What the networks see',
  about: 'they answer while they learn',
  pad: (images) => capital(`${item(images)} to ask about`),
  hint: ({ digits }) => (digits ? 'Draw a digit here' : 'Draw something here'),
  clear: 'Clear',
  previous: (images) => `Previous test ${item(images)}`,
  next: (images) => `Next test ${item(images)}`,
  get: ({ digits }) => `What they get: centred by its mass, fitted into 20 × 20 of 28 × 28 pixels${digits ? ', as MNIST is made' : ''}.`,
  getTest: ({ title }) => `What they get: 28 × 28 pixels of ${title}, as they are.`,
  keys: (images) => `Draw with mouse, finger or pen. Keys on the square: ← → a test ${item(images)} before or after, Page keys ten, Delete clears.`,
  pair: 'Which two networks',
  repeat: 'Repeat',
  repeatOf: (repeat, repeats, seed) => `Repeat ${repeat} of ${repeats}, seed ${seed}`,
  digit: 'Digit',
  class: 'Class',
  probability: 'Probability',
  drawing: 'Your drawing',
  nothing: ({ digits }) => (digits ? 'Draw a digit, or choose one with the arrows.' : 'Draw something, or choose a test image with the arrows.'),
  asking: 'Asking…',
  offline: 'The server cannot be reached. It is asked again by itself.',
  gone: 'This run is no more.',
  replay: 'Also during a replay, the networks are asked as they are now.',
  wrong: (images) => `Test ${item(images)}s that one of the two gets wrong`,
  legend: (images) => `Under each ${item(images)} stands what the two say of it; ✗ is wrong.`,
  more: (count) => `Show ${integer(count)} more`,
  none: 'None.',
  imagesGone: 'The pictures are not on this server; their numbers are.',
  confusion: 'What is taken for what',
  confusionAbout: ({ digits }) => `A row for each true ${digits ? 'digit' : 'class'}, a column for what the network takes it for; one colour scale for both.`,
  mistakes: 'Mistakes only',
  trueClass: 'true',
};

export const afterIteration = (iteration) => `after iteration ${integer(iteration)}`;

export const answerOf = (said, probability) => `${said}, ${share(probability)}`;

/** 0.97 → 97%; a network is never quite sure, so neither 0% nor 100%. */
export function share(probability) {
  if (!Number.isFinite(probability)) return '–';
  const percent = probability * 100;
  if (percent < 0.5) return '<1%';
  if (percent >= 99.5) return '>99%';
  return `${Math.round(percent)}%`;
}

/** What is on the pad, and what two networks say of it, for those who can't see it. */
export function padText({ test, label, blank }, said, images) {
  const what = blank ? 'Nothing yet' : test === null ? 'Your drawing' : onPad(test, label, images);
  return [`${what}.`, ...said].join(' ');
}

export const saidText = (variant, said, probability) => `${variantLabel(variant)}: ${answerOf(said, probability)}.`;

export function onPad(test, label, images) {
  const name = images.classes[label];
  const what = name === undefined ? '' : images.digits ? `, a ${name}` : `: ${name}`;
  return `Test ${item(images)} ${integer(test + 1)}${what}`;
}

/** How many of the test images who of two gets wrong. */
export function wrongText([a, b], epochs, { first, second, both, all }, images) {
  const when = epochs[0] === epochs[1] ? `After epoch ${integer(epochs[0])}` : `${capital(phrase(a))} after epoch ${integer(epochs[0])}, ${phrase(b)} after epoch ${integer(epochs[1])}`;
  const right = all - first - second - both;
  return `${when}: of ${integer(all)} test ${item(images)}s, ${integer(first)} are wrong only ${phrase(a)}, ${integer(second)} only ${phrase(b)}, ${integer(both)} in both; ${integer(right)} are right in both.`;
}

export const wrongOnly = (variant) => `Wrong only ${phrase(variant)}`;

/** @param what the image, as on the pad */
export const thumbText = (what, [a, b], [saidA, saidB]) => `${what}${what.includes(':') ? '; ' : ': '}${phrase(a)} ${saidA}, ${phrase(b)} ${saidB}. Put it on the square.`;

export const confusionText = (variant, epoch, wrong, all) => `${variantLabel(variant)}, after epoch ${integer(epoch)}: ${integer(wrong)} of ${integer(all)} wrong`;

export const cellText = (count, truth, said) => `${integer(count)} × ${truth} taken for ${said}`;

export const TRAIN_MODE = {
  line: 'batch, train mode',
  note: 'Dotted: tested in train mode, each image normalized by the mean and variance of the batch it comes in, as if model.eval() had been forgotten.',
  found: (variant, epoch, train, evaluated) => `${variantLabel(variant)}, after epoch ${integer(epoch)}: ${train} in train mode, ${evaluated} in eval mode.`,
  column: 'test accuracy in train mode',
};
