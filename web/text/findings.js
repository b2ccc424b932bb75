/** The words of what a run shows: the notebook's expectations, and what became of them. */
import { hasEnded } from '../run/state.js';
import { integer, loss, percent, points, signed } from './numbers.js';

/** Without and with BatchNorm, as the seed notebook expects them. */
export const EXPECTED = {
  early: { name: 'Early epochs', expected: 'Faster improvement with BatchNorm' },
  final: { name: 'Final accuracy', expected: 'Often slightly better with BatchNorm' },
  stability: { name: 'Training stability', expected: 'More stable with BatchNorm; may fluctuate without' },
  rate: { name: 'Learning rate', expected: 'BatchNorm allows higher learning rates' },
};

const JUDGED = {
  expected: 'As expected',
  against: 'The other way round',
  unclear: 'Cannot tell',
  pending: 'Not yet',
};

const ONCE = ', this once';
const FEW = 'Not enough repeats to tell';

/** The verdict on a claim: what one pair of trainings shows, it shows this once. */
export function judgedText(claim) {
  const { verdict, n = 0, margin, diverged, collapsed, lead, tried } = claim;
  const told = verdict === 'expected' || verdict === 'against';
  if (told) return JUDGED[verdict] + (n < 2 ? ONCE : '');
  const uneven = [diverged, collapsed].some((split) => split && split.none !== split.batch);
  const tested = n >= 2 && (margin !== undefined || uneven || (tried && lead.mean > 0));
  return verdict === 'unclear' && tested ? FEW : JUDGED[verdict];
}

/** Of how many repeats a number is the mean, in a run that has several. */
const of = ({ repeats, n }) => (repeats < 2 ? '' : n < 2 ? `, in one repeat of ${repeats}` : `, mean of ${n} repeats`);

/** The 95% interval of a difference of accuracies. */
function interval({ n, from, to }, tests) {
  const zero = from <= 0 && to >= 0 ? ', which includes 0' : '';
  return n < 2 ? '' : ` (95% interval ${signed(points(from, tests))} to ${signed(points(to, tests))}${zero})`;
}

const gap = (claim, tests) => `${percent(claim.batch, tests)} with, ${percent(claim.none, tests)} without: ${signed(points(claim.batch - claim.none, tests))} points${interval(claim, tests)}`;

/** Why one pair cannot tell. */
const close = ({ verdict, least, n }, tests) => (verdict === 'unclear' && n < 2 ? `. With ${integer(tests)} test images, less than ${(least * 100).toFixed(1)} points can be luck` : '');

const number = (value) => (Number.isInteger(value) ? integer(value) : value.toFixed(1));

const fall = ({ count, worst }, steps, tests) =>
  count === 0 ? 'never fell' : `fell ${number(count)} of ${integer(steps)} times, by at most ${points(worst, tests)} points`;

const AFTER_FIRST = 'Told after epoch 1.';

const untold = ({ verdict }) => (verdict === 'pending' ? AFTER_FIRST : 'Not both got through epoch 1.');

export const FOUND = {
  show: 'See chart',

  early(claim, { settings: { testExamples } }) {
    if (claim.untold) return untold(claim);
    return `After epoch 1${of(claim)}: ${gap(claim, testExamples)}${close(claim, testExamples)}.`;
  },

  final(claim, { settings: { testExamples } }) {
    if (claim.untold) return untold(claim);
    return `${claim.ended ? 'At the end' : 'So far'}, after epoch ${integer(claim.epoch)}${of(claim)}: ${gap(claim, testExamples)}${close(claim, testExamples)}.`;
  },

  stability(claim, { settings: { testExamples } }) {
    if (claim.diverged) return claim.repeats > 1 ? divergences(claim) : divergence(claim.diverged.at);
    if (claim.collapsed) return collapses(claim, testExamples);
    if (claim.short) return 'Too few epochs to see it waver: run at least 3.';
    if (claim.verdict === 'pending') return 'Told after epoch 3.';
    if (claim.n > 1) {
      const each = `without, it ${fall(claim.none, claim.steps, testExamples)}; with, it ${fall(claim.batch, claim.steps, testExamples)}`;
      return `Test accuracy from epoch to epoch${of(claim)}: ${each}. The worst fall is ${points(Math.abs(claim.mean), testExamples)} points ${claim.mean < 0 ? 'less' : 'more'} without${interval(claim, testExamples)}.`;
    }
    return `From epoch to epoch${of(claim)}, test accuracy without ${fall(claim.none, claim.steps, testExamples)}; with, it ${fall(claim.batch, claim.steps, testExamples)}${close(claim, testExamples)}.`;
  },

  rate(claim, { settings: { testExamples } }) {
    const { rates, none, batch, collapsed, n } = claim;
    if (claim.verdict === 'pending') return AFTER_FIRST;
    const scores = [claim.lost.batch ? 'diverged' : percent(batch, testExamples), claim.lost.none ? 'diverged' : percent(none, testExamples)];
    const fates = claim.repeats < 2 || !collapsed ? ['', ''] : [collapsed.batch, collapsed.none].map((count) => `, ${many(count, n)} collapsed`);
    if (rates[0] !== rates[1]) {
      const lead = claim.lead && n > 1 ? ` The mean of ${n} repeats differs by ${signed(points(claim.lead.mean, testExamples))} points${interval(claim.lead, testExamples)}.` : '';
      return `At ${rates[1]} with: ${scores[0]}${fates[0]}. At ${rates[0]} without: ${scores[1]}${fates[1]}.${lead}`;
    }
    if (claim.lost.none && claim.lost.batch) return `At ${rates[0]} both diverged: it is too high for either.`;
    if (!collapsed) return `Both learn at ${rates[0]}, the only one tried here. How far each goes, \u201cLearning rate too high\u201d shows.`;
    return `At ${rates[0]}${of(claim)}: ${scores[0]} with${fates[0]}; ${scores[1]} without${fates[1]}.`;
  },
};

const many = (count, n) => `${count === 0 ? 'none' : integer(count)} of ${n === 1 ? 'one repeat' : `${n} repeats`}`;

function divergence(at) {
  const side = (name, iteration) => (iteration === null ? `${name} its loss stayed a number` : `${name} it diverged at iteration ${integer(iteration)}`);
  return `${side('Without', at.none)}; ${side('with', at.batch)}.`;
}

/** Its accuracy stays put where guessing is, so that its falls tell nothing; its loss does. */
function collapses({ repeats, n, collapsed, peaks, verdict, none, batch }, tests) {
  if (repeats > 1) {
    const chance = verdict === 'unclear' && collapsed.none !== collapsed.batch ? ' So uneven a split can be chance.' : '';
    return `Without, ${many(collapsed.none, n)} collapsed; with, ${many(collapsed.batch, n)}.${chance}`;
  }
  const side = (words, fell, peak, accuracy) => `${words} BatchNorm ${fell ? 'it collapsed: its loss rose to' : 'it learned: its loss was never above'} ${loss(peak)}, its test accuracy is ${percent(accuracy, tests)}`;
  return `${side('Without', collapsed.none, peaks.none, none)}. ${side('With', collapsed.batch, peaks.batch, batch)}.`;
}

function divergences({ verdict, diverged: { none, batch, n } }) {
  const chance = verdict === 'unclear' && none !== batch ? ' So uneven a split can be chance.' : '';
  return `Without, ${many(none, n)} diverged; with, ${many(batch, n)}.${chance}`;
}

/** What a run cannot show, by how many repeats it has. */
export function honestly({ settings, repeats, status }, { early, rate }) {
  const confounded = rate.rates[0] === rate.rates[1] ? '' : ' Here the two differ in their learning rates as well, so not all of it is BatchNorm\u2019s doing.';
  if (repeats === 1) return `This is one run with one seed: it shows what happened once. How much of it is chance, only repeats with other seeds can tell.${confounded}`;
  const count = early.n ?? 0;
  const left = count === repeats ? '' : ` ${integer(count)} of ${repeats} count ${hasEnded(status) ? ': in the others a training diverged or was stopped' : 'so far'}.`.replace(' :', ':');
  return `${repeats} repeats, with seeds ${settings.seed} to ${settings.seed + repeats - 1}: in each, both networks begin with the same weights and see the same batches. A verdict needs a 95% interval that leaves out 0 (paired t test; Fisher\u2019s exact test where repeats are counted). It speaks of other seeds, not of other images.${left}${confounded}`;
}

export const nextSeed = (seed, repeats) => (repeats === 1 ? `Repeat with seed ${seed}` : `Repeat with seeds ${seed} to ${seed + repeats - 1}`);

export const fiveRepeats = 'Repeat with 5 seeds';
