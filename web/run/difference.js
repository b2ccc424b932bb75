/**
 * How two variants of a run differ: pure functions of the run's state. No DOM, no clock.
 *
 * Differences are paired: each repeat of the second with the same repeat of the first, which began with the same
 * weights and saw the same batches. A row has the mean over the pairs that got there as `gap`, each pair's own as
 * `gaps` (NaN where it did not), `n` pairs, and `margin`, half the width of the 95% interval of the mean.
 */
import { lastAtOrBelow } from './columns.js';
import { hasEnded } from './state.js';
import { pairedTest, spread } from './stats.js';

/** The pair that is compared, first the one that is subtracted; the first two unless others are chosen. */
export function pairOf(state, chosen) {
  const count = state.variants.length;
  const [a, b] = chosen ?? [0, 1];
  return a < count && b < count && a !== b ? [a, b] : [0, 1];
}

/** The trainings that are compared: of each repeat the first variant's and the second's. */
export const pairsOf = (first, second) => first.members.map((member, k) => [member, second.members[k]]);

function rowOf(place, gaps) {
  const { n, mean, margin } = pairedTest(gaps.filter((gap) => !Number.isNaN(gap)));
  return { ...place, gap: mean, n, margin, gaps };
}

/** Test accuracy of the second minus that of the first after every epoch that both of some pair have ended. */
export function accuracyGaps(first, second) {
  const pairs = pairsOf(first, second);
  const ended = pairs.map((pair) => Math.min(...pair.map(({ epochs }) => epochs.epoch.length)));
  const longest = pairs[ended.indexOf(Math.max(...ended))][0].epochs;
  return Array.from({ length: Math.max(...ended) }, (_, k) => {
    const gaps = pairs.map(([a, b], r) => (k < ended[r] ? b.epochs.testAccuracy.at(k) - a.epochs.testAccuracy.at(k) : NaN));
    return rowOf({ epoch: longest.epoch.at(k), iteration: longest.iteration.at(k) }, gaps);
  });
}

/** At so many seconds the difference of repeats is told. */
const MOMENTS = 200;

/**
 * The same at equal times: each training counts with its last test before that second, also once it has ended.
 * @returns rows of { seconds, iteration, … }: for one pair one for every test of either after both had one
 */
export function accuracyGapsInTime(first, second) {
  const pairs = pairsOf(first, second);
  const ends = pairs.map((pair) => Math.min(...pair.map(({ status, epochs }) => (hasEnded(status) ? Infinity : (epochs.seconds.last ?? -1)))));
  return momentsOf(pairs).flatMap((seconds) => {
    const tests = pairs.map((pair) => pair.map(({ epochs }) => lastAtOrBelow(epochs.seconds, seconds)));
    const told = tests.map(([a, b], r) => a >= 0 && b >= 0 && seconds <= ends[r]);
    const some = told.indexOf(true);
    if (some < 0) return [];
    const gaps = pairs.map(([a, b], r) => (told[r] ? b.epochs.testAccuracy.at(tests[r][1]) - a.epochs.testAccuracy.at(tests[r][0]) : NaN));
    return [rowOf({ seconds, iteration: pairs[some][0].epochs.iteration.at(tests[some][0]) }, gaps)];
  });
}

function momentsOf(pairs) {
  const columns = pairs.flat().map(({ epochs }) => epochs.seconds);
  if (pairs.length === 1) return columns.flatMap((column) => Array.from(column.values.subarray(0, column.length))).sort((a, b) => a - b);
  const last = Math.max(0, ...columns.map((column) => column.last ?? 0));
  return Array.from({ length: MOMENTS }, (_, k) => (last * (k + 1)) / MOMENTS);
}

/**
 * The difference of smoothed losses at `count` places of a window.
 * @param pairs  of each repeat the two smoothed losses: { iterations, values, stride }
 * @param placed (place in the window, which pair) → the iteration of each of the two there
 */
export function lossGaps(pairs, [from, to], count, placed) {
  const rows = [];
  for (let k = 0; k <= count; k++) {
    const x = from + ((to - from) * k) / count;
    let iteration = null;
    const gaps = pairs.map((pair, r) => {
      const iterations = placed(x, r);
      const [a, b] = pair.map((line, index) => valueAt(line, iterations[index]));
      if (iteration === null && Number.isFinite(b - a)) [iteration] = iterations;
      return Number.isFinite(b - a) ? b - a : NaN;
    });
    if (iteration !== null) rows.push(rowOf({ x, iteration }, gaps));
  }
  return rows;
}

/** Of a line that isn't known at every iteration where it is: both of a pair at the same multiple of its stride. */
function valueAt({ iterations, values, stride = 1 }, iteration) {
  if (iteration < 1 || values.length === 0 || iteration > iterations.at(values.length - 1)) return NaN;
  const found = lastAtOrBelow(iterations, iteration);
  if (stride === 1 || iterations.at(found) === iteration) return values.at(found);
  const multiple = Math.floor(iteration / stride) * stride;
  return values.at(multiple < 1 ? 0 : lastAtOrBelow(iterations, multiple));
}

/** Who is ahead on the average, since when, and how often that changed. Level counts as no change. */
export function leads(gaps) {
  let leader = 0;
  let since = null;
  let changes = 0;
  let level = false;
  for (const { gap, epoch } of gaps) {
    const now = Math.sign(gap);
    level ||= now === 0 && leader !== 0;
    if (now === 0 || now === leader || Number.isNaN(gap)) continue;
    if (leader !== 0) changes++;
    leader = now;
    since = epoch;
    level = false;
  }
  return { leader, since, changes, level };
}

/** The stretches of epochs, as [first, last], in which the 95% interval of the mean leaves 0 out. */
export function apartIn(gaps) {
  const stretches = [];
  gaps.forEach(({ gap, margin, epoch }, k) => {
    if (!(Math.abs(gap) > margin)) return;
    const open = stretches.at(-1);
    if (open && open[1] === gaps[k - 1]?.epoch) open[1] = epoch;
    else stretches.push([epoch, epoch]);
  });
  return stretches;
}

/** The first epoch of a variant or of one training whose test accuracy is at least `ratio`; null if none is. */
export function reaches({ epochs }, ratio) {
  for (let k = 0; k < epochs.epoch.length; k++) {
    if (epochs.testAccuracy.at(k) >= ratio) return { epoch: epochs.epoch.at(k), iteration: epochs.iteration.at(k), seconds: epochs.seconds.at(k) };
  }
  return null;
}

/** How many of a variant's repeats reached it, of how many that were tested; when, on the average of those. */
export function reachedBy({ members }, ratio) {
  const found = members.map((member) => reaches(member, ratio)).filter((at) => at !== null);
  const mean = (name) => spread(found.map((at) => at[name])).mean;
  const of = members.filter(({ epochs }) => epochs.epoch.length > 0).length;
  return { count: found.length, of, epoch: mean('epoch'), iteration: mean('iteration'), seconds: mean('seconds') };
}

/** Seconds that a step takes: the median over the epochs of all repeats, which a cold start does not move. */
export function stepSeconds({ members }, batchSize) {
  const speeds = members.flatMap(({ epochs }) => Array.from(epochs.speed.values.subarray(0, epochs.speed.length)));
  const sorted = speeds.filter((speed) => speed > 0).sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : batchSize / sorted[Math.floor(sorted.length / 2)];
}
