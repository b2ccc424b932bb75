/** The words of what a run shows: the notebook's expectations, and what became of them. */
import { integer, percent, points, signed } from './numbers.js';

/** Without and with BatchNorm, as the seed notebook expects them. */
export const EXPECTED = {
  early: { name: 'Early epochs', expected: 'Faster improvement with BatchNorm' },
  final: { name: 'Final accuracy', expected: 'Often slightly better with BatchNorm' },
  stability: { name: 'Training stability', expected: 'More stable with BatchNorm; may fluctuate without' },
  rate: { name: 'Learning rate', expected: 'BatchNorm allows higher learning rates' },
};

export const JUDGED = {
  expected: 'As expected',
  against: 'The other way round',
  unclear: 'Cannot tell',
  pending: 'Not yet',
};

const gap = ({ none, batch }, tests) => `${percent(batch, tests)} with, ${percent(none, tests)} without: ${signed(points(batch - none, tests))} points`;

const close = ({ verdict, least }) => (verdict === 'unclear' ? `, within the ${(least * 100).toFixed(1)} points that these test images leave open` : '');

const fall = ({ count, worst }, steps, tests) =>
  count === 0 ? 'never fell' : `fell ${integer(count)} of ${integer(steps)} times, by at most ${points(worst, tests)} points`;

const AFTER_FIRST = 'Told after epoch 1.';

export const FOUND = {
  show: 'Show',

  early(claim, { settings: { testExamples } }) {
    if (claim.verdict === 'pending') return AFTER_FIRST;
    return `After epoch 1: ${gap(claim, testExamples)}${close(claim)}.`;
  },

  final(claim, { settings: { testExamples } }) {
    if (claim.verdict === 'pending') return AFTER_FIRST;
    return `${claim.ended ? 'At the end' : 'So far'}, after epoch ${integer(claim.epoch)}: ${gap(claim, testExamples)}${close(claim)}.`;
  },

  stability(claim, { settings: { testExamples } }) {
    if (claim.diverged) {
      const of = (name, at) => (at === null ? `${name} its loss stayed a number` : `${name} it diverged at iteration ${integer(at)}`);
      return `${of('Without', claim.diverged.none)}; ${of('with', claim.diverged.batch)}.`;
    }
    if (claim.short) return 'Too few epochs to see it waver: run at least 3.';
    if (claim.verdict === 'pending') return 'Told after epoch 3.';
    const close = claim.verdict === 'unclear' ? '. Too alike to tell' : '';
    return `From epoch to epoch, test accuracy without ${fall(claim.none, claim.steps, testExamples)}; with, it ${fall(claim.batch, claim.steps, testExamples)}${close}.`;
  },

  rate(claim, { settings: { testExamples } }) {
    const { rates, none, batch } = claim;
    if (claim.verdict === 'pending') return AFTER_FIRST;
    const scores = [batch, none].map((ratio) => (Number.isNaN(ratio) ? 'diverged' : percent(ratio, testExamples)));
    if (rates[0] !== rates[1]) return `At ${rates[1]} with: ${scores[0]}. At ${rates[0]} without: ${scores[1]}.`;
    if (claim.verdict === 'unclear' && scores.includes('diverged')) return `At ${rates[0]} both diverged: it is too high for either.`;
    if (claim.verdict === 'unclear') return `Both learn at ${rates[0]}, the only one tried here. How far each goes, \u201cLearning rate too high\u201d shows.`;
    return `At ${rates[0]}: ${scores[0]} with, ${scores[1]} without.`;
  },
};

/** What a single run cannot show. */
export function honestly({ settings }, { rate }) {
  const confounded = rate.rates[0] === rate.rates[1] ? '' : ' Here the two differ in their learning rates as well, so not all of it is BatchNorm\u2019s doing.';
  return `This is one run with one seed: it shows what happened once. How much of it is chance, only repeats with other seeds can tell.${confounded}`;
}

export const nextSeed = (seed) => `Repeat with seed ${seed}`;
