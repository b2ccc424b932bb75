/**
 * What a run shows of the notebook's expectations of Batch Normalization: pure functions of the run's state.
 *
 * A claim carries its numbers, the stretch of iterations it rests on, and whether the run can tell at all. With
 * repeats that is decided over the pairs of trainings that began alike: by a paired t test of their differences, or
 * by Fisher's exact test where trainings are counted, at 5%. One pair can only tell what happened this once: there
 * a gap counts if it exceeds twice the error that so many test images leave.
 */
import { pairsOf } from './difference.js';
import { hasEnded } from './state.js';
import { fisher, pairedTest, spread } from './stats.js';

export const ASPECTS = ['early', 'final', 'stability', 'rate'];

/** A network that does no better than this ratio of the other's accuracy has collapsed. */
const COLLAPSED = 0.6;

/** A loss that has been more than so many times the first one has burst out: its training is not just slow. */
const BURST = 2;
const LEAST_EPOCHS = 3;
const CHANCE = 0.05;

/** The variant without and the one with BatchNorm; null if BatchNorm isn't what the run compares. */
export const seedPair = ({ variants }) => (variants[0].ofBatchNorm ? ['none', 'batch'].map((normalization) => variants.findIndex((variant) => variant.normalization === normalization)) : null);

/** Twice the standard error of the difference of two accuracies over so many images. */
export const tellable = (p, q, images) => 2 * Math.sqrt((p * (1 - p) + q * (1 - q)) / images);

/**
 * @returns claims by aspect: { verdict: expected, against, unclear or pending; window; repeats, of which n pairs
 *     count; and the numbers }
 */
export function claims(state) {
  const chosen = seedPair(state);
  if (!chosen) return null;
  const pairs = pairsOf(...chosen.map((index) => state.variants[index]));
  // How far the pair is that is the furthest; the others count only once they are there.
  const epochs = Math.max(...pairs.map(endedBy));
  const rates = chosen.map((index) => state.variants[index].settings.learningRate);
  const { perEpoch } = state.variants[chosen[0]].schedule;
  const race = { state, perEpoch, pairs, epochs, rates, ended: hasEnded(state.status) };
  const all = { early: early(race), final: final(race), stability: stability(race), rate: rate(race) };
  for (const claim of Object.values(all)) claim.repeats = pairs.length;
  return all;
}

const endedBy = (pair) => Math.min(...pair.map(({ epochs }) => epochs.epoch.length));
const accuracy = ({ epochs }, k) => epochs.testAccuracy.at(k);
const lost = ({ status, divergedAt }) => divergedAt !== null || status === 'diverged';

/** What BatchNorm is expected to win, judged by its lead. */
function judged(lead, least) {
  if (Math.abs(lead) <= least) return 'unclear';
  return lead > 0 ? 'expected' : 'against';
}

/** The same over pairs: by the interval of their mean lead, or, of one pair, by `least`. */
function judgedOver(leads, least) {
  const test = pairedTest(leads);
  return { ...test, verdict: test.n < 2 ? judged(test.mean, least) : judged(test.mean, test.margin) };
}

const paired = (pairs, k) => pairs.filter((pair) => endedBy(pair) > k).map((pair) => pair.map((member) => accuracy(member, k))).filter(([p, q]) => Number.isFinite(q - p));

function compared({ state, pairs }, k) {
  const found = paired(pairs, k);
  const [none, batch] = [0, 1].map((side) => spread(found.map((pair) => pair[side])).mean);
  const least = tellable(none, batch, state.settings.testExamples);
  return { ...judgedOver(found.map(([p, q]) => q - p), least), epoch: k + 1, none, batch, least };
}

/** No pair has been tested: not yet, or never. */
const untold = ({ ended }) => ({ verdict: ended ? 'unclear' : 'pending', untold: true });

function early(race) {
  const { perEpoch } = race;
  const { total } = race.state;
  const window = [0, Math.min(total, 2 * perEpoch)];
  return race.epochs === 0 ? { ...untold(race), window } : { ...compared(race, 0), window };
}

function final(race) {
  const { perEpoch } = race;
  const { total } = race.state;
  if (race.epochs === 0) return { ...untold(race), window: [0, total] };
  const end = race.epochs * perEpoch;
  return { ...compared(race, race.epochs - 1), ended: race.ended, window: [Math.max(0, end - 2 * perEpoch), end] };
}

/** How often and how far the test accuracy of a training fell from one epoch to the next. */
export function falls(member, epochs) {
  let count = 0;
  let worst = 0;
  for (let k = 1; k < epochs; k++) {
    const fall = accuracy(member, k - 1) - accuracy(member, k);
    if (!(fall > 0)) continue;
    count++;
    worst = Math.max(worst, fall);
  }
  return { count, worst };
}

/** How many of each side's trainings have it, and whether so uneven a split tells something. */
function counted(pairs, has) {
  const [none, batch] = [0, 1].map((side) => pairs.filter((pair) => has(pair[side], pair[1 - side])).length);
  const n = pairs.length;
  if (none === batch) return { verdict: 'unclear', none, batch, n };
  const tells = n === 1 || fisher(none, n, batch, n) < CHANCE;
  return { verdict: !tells ? 'unclear' : none > batch ? 'expected' : 'against', none, batch, n };
}

/** The pairs of which both trainings have ended, or one has diverged: what became of them is known. */
const known = (pairs) => pairs.filter((pair) => pair.some(lost) || pair.every(({ status }) => hasEnded(status)));

function stability(race) {
  const { state, perEpoch, pairs, epochs, ended } = race;
  const window = [0, state.total];
  if (pairs.some((pair) => pair.some(lost))) {
    const [one] = pairs;
    const { verdict, ...diverged } = counted(known(pairs), lost);
    const at = pairs.length === 1 ? { none: one[0].divergedAt, batch: one[1].divergedAt } : null;
    return { verdict, window, n: diverged.n, diverged: { ...diverged, at } };
  }
  const split = collapses(pairs, epochs, ({ losses }) => highest(losses) > BURST * losses.at(0));
  if (split.none + split.batch > 0) {
    const { verdict, n, ...collapsed } = split;
    const [none, batch] = pairs[0].map((member) => accuracy(member, epochs - 1));
    const [peakNone, peakBatch] = pairs[0].map(({ losses }) => highest(losses));
    return { verdict, window, n, collapsed, none, batch, peaks: { none: peakNone, batch: peakBatch } };
  }
  if (epochs < LEAST_EPOCHS) return { verdict: ended ? 'unclear' : 'pending', short: ended, window };
  const whole = pairs.filter((pair) => endedBy(pair) === epochs);
  const found = whole.map((pair) => pair.map((member) => falls(member, epochs)));
  const [none, batch] = [0, 1].map((side) => ({ count: spread(found.map((pair) => pair[side].count)).mean, worst: spread(found.map((pair) => pair[side].worst)).mean }));
  const least = tellable(...whole[0].map((member) => accuracy(member, epochs - 1)), state.settings.testExamples);
  return { ...judgedOver(found.map(([a, b]) => a.worst - b.worst), least), least, none, batch, steps: epochs - 1, window: [perEpoch, epochs * perEpoch] };
}

/** How many of each side's trainings diverged, or got nowhere near the other after so many epochs and are `such`. */
function collapses(pairs, epochs, such = () => true) {
  const far = (member, other) => lost(member) || (epochs > 0 && !lost(other) && accuracy(member, epochs - 1) < COLLAPSED * accuracy(other, epochs - 1) && such(member));
  return counted(pairs.filter((pair) => pair.some(lost) || (epochs > 0 && endedBy(pair) >= epochs)), far);
}

function highest(losses) {
  let most = NaN;
  for (let k = 0; k < losses.length; k++) if (!(losses.at(k) <= most)) most = losses.at(k);
  return most;
}

function rate(race) {
  const { state, pairs, epochs, rates } = race;
  const window = [0, state.total];
  const some = pairs.some((pair) => pair.some(lost));
  if (!some && epochs === 0) return { verdict: 'pending', rates, window };
  const found = epochs === 0 ? [] : paired(pairs, epochs - 1);
  // Where one side never got through an epoch, the other is told by its own last.
  const told = (member) => Math.min(epochs || Infinity, member.epochs.epoch.length) - 1;
  const racing = (side) => pairs.map((pair) => pair[side]).filter((member) => !lost(member));
  const score = (side) => spread(racing(side).filter((member) => told(member) >= 0).map((member) => accuracy(member, told(member)))).mean;
  const numbers = { rates, window, none: score(0), batch: score(1), lost: { none: racing(0).length === 0, batch: racing(1).length === 0 } };
  const split = collapses(pairs, epochs);
  if (split.none + split.batch > 0) return { ...numbers, ...numbersOf(split), verdict: split.verdict };
  const lead = judgedOver(found.map(([p, q]) => q - p), -1e-9);
  const further = rates[1] > rates[0] && lead.verdict === 'expected';
  return { ...numbers, n: found.length, lead, tried: rates[1] > rates[0], verdict: further ? 'expected' : 'unclear' };
}

const numbersOf = ({ none, batch, n }) => ({ n, collapsed: { none, batch } });
