/** The words that teach: presets, the difference, what a run shows. */
import { capital, phrase, variantLabel } from './names.js';
import { integer, loss, points, seconds, signed } from './numbers.js';

export const PRESET = {
  seed: {
    name: 'The first experiment',
    change: 'all defaults',
    look: 'With BatchNorm the accuracy is several points higher after epoch 1; then the gap narrows.',
  },
  repeats: {
    name: 'Five repeats',
    change: 'five seeds for each network',
    look: 'A line is the mean of five seeds, its band goes from the lowest to the highest. The bands never touch: the lead of BatchNorm, 6 to 8 points after epoch 1 and 3 to 4 at the end, is no accident of one seed.',
  },
  fast: {
    name: 'Learning rate too high',
    change: 'learning rate 0.15, 5 epochs',
    look: 'Without BatchNorm the network ends where guessing would (about 10%); with it, at 85 to 90%.',
  },
  deep: {
    name: 'Deep and narrow',
    change: '8 hidden layers of 32',
    look: 'Without BatchNorm a deep network learns slowly and ends at 57 to 83%; with it, at about 90%.',
  },
  tiny: {
    name: 'Batches of 4',
    change: 'batch size 4, 3 epochs',
    look: 'Mean and variance of 4 images are noisy: the lead of BatchNorm all but vanishes.',
  },
  eval: {
    name: 'Remember model.eval()',
    change: 'batch size 4, 3 epochs, tested in train mode too',
    look: 'One network with BatchNorm, tested twice. In train mode (dotted) each image is normalized by the mean and variance of the 4 it comes with, which is noise: it loses 8 to 15 points after every epoch. In eval mode the running averages of training stand in.',
  },
  rates: {
    name: 'A learning rate each',
    change: '0.001 without, 0.02 with, 5 epochs',
    look: 'With BatchNorm the network takes steps 20 times as large, and ends 2 to 7 points ahead.',
  },
  wide: {
    name: 'Wide',
    change: 'hidden layers 512, 256, 5 epochs',
    look: 'More units help most without BatchNorm; after epoch 1 it still trails by several points.',
  },
  optimizers: {
    name: 'Three optimizers',
    change: 'SGD, momentum and Adam, each at a learning rate that suits it, 5 epochs',
    look: 'Adam is ahead after epoch 1, then SGD with momentum, then plain SGD, which swings most; after epoch 5 they are close.',
  },
  tanh: {
    name: 'tanh',
    change: 'tanh in place of ReLU',
    look: 'BatchNorm is no sure gain: here it ended lower in 9 of 10 seeds, by about one point on average.',
  },
  small: {
    name: 'Started ten times too small',
    change: 'initial scale 0.1',
    look: 'Without BatchNorm the network ends epoch 1 more than 15 points behind; with it, the scale of the weights hardly matters.',
  },
  dropout: {
    name: 'Dropout of a half',
    change: 'with and without BatchNorm, each with and without dropout 0.5',
    look: 'In 10 epochs dropout costs each of them a few points; BatchNorm stays ahead of its twin, with dropout and without.',
  },
  single: {
    name: 'One image at a time',
    change: 'batch size 1, LayerNorm, 1,000 examples, 3 epochs, learning rate 0.0002',
    look: 'BatchNorm can\u2019t normalize a batch of one. LayerNorm goes over the units of one image, so it can; here neither network is ahead for sure.',
  },
  fashion: {
    name: 'Fashion-MNIST',
    change: 'clothes in place of digits',
    look: 'With BatchNorm the accuracy is higher after epoch 1; at the end the two are level.',
  },
};

export const LOOK = 'What to look for: ';

export const DIFFERENCE = {
  base: { iteration: 'Iterations', examples: 'Examples', epoch: 'Epochs', seconds: 'Seconds' },
  chart: { accuracy: 'Difference in test accuracy', loss: 'Difference in smoothed training loss' },
  none: 'Nothing to compare yet',
};

export const ahead = (variant, what) => `${variantLabel(variant)} ${what === 'loss' ? 'lower' : 'higher'}`;

/** A place of an axis. */
export function placeText(base, x) {
  if (base === 'seconds') return `after ${seconds(x)}`;
  if (base === 'examples') return `${integer(x)} examples`;
  return base === 'epoch' ? `epoch ${x.toFixed(1)}` : `iteration ${integer(x)}`;
}

/** Where a result of a whole epoch was taken. */
export const resultPlace = (base, { x, epoch }) => (base === 'seconds' ? placeText(base, x) : `epoch ${integer(epoch)}`);

export const gapText = (row, testExamples, place, repeats) => `${signed(points(row.gap, testExamples))} points${ofPairs(row, repeats, (value) => points(value, testExamples))}, ${place}`;

export const lossGapText = (row, place, repeats) => `${signed(nats(row.gap))} nats${ofPairs(row, repeats, nats)}, ${place}`;

const nats = (value) => (Math.abs(value) < 1000 ? value.toFixed(3) : loss(value));

/** The 95% interval of a mean over pairs, and of how many. */
function ofPairs({ gap, margin, n }, repeats, format) {
  if (repeats === 1) return '';
  return n < 2 ? ` (n = ${n})` : ` (${signed(format(gap - margin))} to ${signed(format(gap + margin))}, n = ${n})`;
}

/** Who is ahead in test accuracy, and since when; with repeats on the average, in how many, and where beyond chance. */
export function leadText([first, second], { leader, since, changes, level }, gaps, ended, apart) {
  if (gaps.length === 0) return 'Told after epoch 1.';
  const far = ended ? '' : ' so far';
  const repeated = first.members.length > 1;
  if (leader === 0) return `Level${far}.`;
  const who = phrase(leader > 0 ? second : first);
  const higher = repeated ? 'Mean higher' : 'Higher';
  const orLevel = level ? ', or level,' : '';
  const lead = changes > 0
    ? `${higher} ${who}${orLevel} from epoch ${integer(since)} on; the lead changed ${changes === 1 ? 'once' : `${integer(changes)} times`}.`
    : since === 1 ? `${higher} ${who}${orLevel} after every epoch${far}.` : `${higher} ${who}${orLevel} from epoch ${integer(since)} on; level before.`;
  if (!repeated) return lead;
  const last = gaps.at(-1);
  const many = last.gaps.filter((gap) => Math.sign(gap) === leader).length;
  const sure = apart.length === 0 ? 'No 95% interval leaves out 0.' : `The 95% interval leaves out 0 after ${apart.map(stretch).join(', ')}.`;
  return `${lead} After epoch ${integer(last.epoch)} in ${many} of ${last.n} repeats. ${last.n < 2 ? '' : sure}`.trim();
}

const stretch = ([from, to]) => (from === to ? `epoch ${integer(from)}` : `epochs ${integer(from)} to ${integer(to)}`);

/** When each of two got to the chosen accuracy; of repeats how many, and the mean over those. */
export function reachText(pair, found, ended) {
  const one = (at) => (at.count > 0 ? `epoch ${integer(at.epoch)}, after ${integer(at.iteration)} iterations${Number.isFinite(at.seconds) ? ` and ${seconds(at.seconds)}` : ''}` : 'not so far');
  const far = ended ? '' : ' so far';
  const many = (at) => {
    if (at.of === 0) return 'told after epoch 1';
    if (at.count === 0) return `none of ${at.of} repeats${far}`;
    return `${at.count} of ${at.of} repeats${far}, on average in epoch ${at.epoch.toFixed(1)} (${integer(at.iteration)} iterations${Number.isFinite(at.seconds) ? `, ${seconds(at.seconds)}` : ''})`;
  };
  return pair.map((variant, index) => `${capital(phrase(variant))}: ${(variant.members.length > 1 ? many : one)(found[index])}.`).join(' ');
}

/**
 * What a step of each of two takes, and how many times as long the second's is. Of the same network, that with
 * BatchNorm does more in a step: if it seems to take less time, the machine was not shared evenly.
 */
export function stepText(pair, times) {
  if (times.some(Number.isNaN)) return 'Told after epoch 1.';
  const each = pair.map((variant, index) => `${milliseconds(times[index])} ${phrase(variant)}`).join(', ');
  const batch = pair.findIndex(({ normalization, ofBatchNorm }) => ofBatchNorm && normalization === 'batch');
  const uneven = batch >= 0 && times[batch] < times[1 - batch];
  if (uneven) return `${each}. This is not what BatchNorm costs, since it does more in each step: the two did not get equal shares of this machine.`;
  return `${each}: ${(times[1] / times[0]).toFixed(2)} times as long. They share this machine, so times are rough.`;
}

const milliseconds = (value) => (value < 0.0095 ? `${(value * 1000).toFixed(2)} ms` : value < 1 ? `${(value * 1000).toFixed(0)} ms` : seconds(value));

export const secondsOf = (second, all) => all < 10 ? `${second.toFixed(2)} of ${all.toFixed(2)} s` : `${seconds(second)} of ${seconds(all)}`;

export const COMPARE = {
  start: 'Compare',
  stop: 'Done comparing',
  pick: (most) => `Tick two to ${most} ended runs in the list to see them on one another.`,
  lines: (ofBatchNorm) => (ofBatchNorm ? 'Each run has its colour; a dashed line is without BatchNorm, a solid one with it.' : 'Each run has its colour, each of its variants a kind of line.'),
  /** What is said of a run that is compared and can't be shown. */
  missing: {
    gone: (letter, id) => `${letter} is not there: there is no run ${id}, it may have been deleted.`,
    unreached: (letter, id) => `${letter} is not shown: the server did not send run ${id}. The page tries again by itself.`,
  },
  leaveOut: (letter) => `Leave ${letter} out`,
  setting: 'Setting',
  differs: 'differs',
  mean: (accuracy, n) => `${accuracy} (n = ${n})`,
  caption: 'Settings and results of the compared runs',
  variant: (number) => `Variant ${number}`,
  result: (number) => `Variant ${number}, last test accuracy`,
  box: (title) => `Compare ${title}`,
  short: ({ name, normalization, ofBatchNorm }) => (ofBatchNorm && name === normalization ? { none: 'without', batch: 'with' }[normalization] : name),
  order: { newest: 'Newest first', oldest: 'Oldest first', best: 'Most accurate first', name: 'By name' },
};
