/** The words of what the networks see. */
import { capital, phrase, variantLabel } from './names.js';
import { integer } from './numbers.js';

export const THINK = {
  title: 'What the networks see',
  about: 'they answer while they learn',
  pad: 'Digit to ask about',
  hint: 'Draw a digit here',
  clear: 'Clear',
  previous: 'Previous test digit',
  next: 'Next test digit',
  get: 'What they get: centred by its mass, fitted into 20 × 20 of 28 × 28 pixels, as MNIST is made.',
  getTest: 'What they get: 28 × 28 pixels of MNIST, as they are.',
  keys: 'Draw with mouse, finger or pen. Keys on the square: ← → a test digit before or after, Page keys ten, Delete clears.',
  pair: 'Which two networks',
  repeat: 'Repeat',
  repeatOf: (repeat, repeats, seed) => `Repeat ${repeat} of ${repeats}, seed ${seed}`,
  digit: 'Digit',
  probability: 'Probability',
  drawing: 'Your drawing',
  nothing: 'Draw a digit, or choose one with the arrows.',
  asking: 'Asking…',
  offline: 'The server cannot be reached. It is asked again by itself.',
  gone: 'This run is no more.',
  replay: 'Also during a replay, the networks are asked as they are now.',
  wrong: 'Test digits that one of the two gets wrong',
  legend: 'Under each digit stands what the two say of it; ✗ is wrong.',
  more: (count) => `Show ${integer(count)} more`,
  none: 'None.',
  imagesGone: 'The pictures are not on this server; their numbers are.',
  confusion: 'What is taken for what',
  confusionAbout: 'A row for each true digit, a column for what the network takes it for; one colour scale for both.',
  mistakes: 'Mistakes only',
  trueDigit: 'true',
};

export const afterIteration = (iteration) => `after iteration ${integer(iteration)}`;

export const answerOf = (digit, probability) => `${digit}, ${share(probability)}`;

/** 0.97 → 97%; a network is never quite sure, so neither 0% nor 100%. */
export function share(probability) {
  if (!Number.isFinite(probability)) return '–';
  const percent = probability * 100;
  if (percent < 0.5) return '<1%';
  if (percent >= 99.5) return '>99%';
  return `${Math.round(percent)}%`;
}

/** What is on the pad, and what two networks say of it, for those who can't see it. */
export function padText({ test, label, blank }, said) {
  const what = blank ? 'Nothing yet' : test === null ? 'Your drawing' : `Test digit ${integer(test + 1)}${label === null ? '' : `, a ${label}`}`;
  return [`${what}.`, ...said].join(' ');
}

export const saidText = (variant, digit, probability) => `${variantLabel(variant)}: ${answerOf(digit, probability)}.`;

export const onPad = (test, label) => `Test digit ${integer(test + 1)}${label === null ? '' : `, a ${label}`}`;

/** How many of the test digits who of two gets wrong. */
export function wrongText([a, b], epochs, { first, second, both, all }) {
  const when = epochs[0] === epochs[1] ? `After epoch ${integer(epochs[0])}` : `${capital(phrase(a))} after epoch ${integer(epochs[0])}, ${phrase(b)} after epoch ${integer(epochs[1])}`;
  const right = all - first - second - both;
  return `${when}: of ${integer(all)} test digits, ${integer(first)} are wrong only ${phrase(a)}, ${integer(second)} only ${phrase(b)}, ${integer(both)} in both; ${integer(right)} are right in both.`;
}

export const wrongOnly = (variant) => `Wrong only ${phrase(variant)}`;

export const thumbText = (index, label, [a, b], [saidA, saidB]) =>
  `Test digit ${integer(index + 1)}, a ${label}: ${phrase(a)} ${saidA}, ${phrase(b)} ${saidB}. Put it on the square.`;

export const confusionText = (variant, epoch, wrong, all) => `${variantLabel(variant)}, after epoch ${integer(epoch)}: ${integer(wrong)} of ${integer(all)} wrong`;

export const cellText = (count, truth, said) => `${integer(count)} × ${truth} taken for ${said}`;

export const TRAIN_MODE = {
  line: 'batch, train mode',
  note: 'Dotted: tested in train mode, each image normalized by the mean and variance of the batch it comes in, as if model.eval() had been forgotten.',
  found: (variant, epoch, train, evaluated) => `${variantLabel(variant)}, after epoch ${integer(epoch)}: ${train} in train mode, ${evaluated} in eval mode.`,
  column: 'test accuracy in train mode',
};
