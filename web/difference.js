/** How two variants of a run differ: pure functions of the run's state. No DOM, no clock. */
import { lastAtOrBelow } from './columns.js';
import { hasEnded } from './state.js';

/** The pair that is compared, first the one that is subtracted; the first two unless others are chosen. */
export function pairOf(state, chosen) {
  const count = state.variants.length;
  const [a, b] = chosen ?? [0, 1];
  return a < count && b < count && a !== b ? [a, b] : [0, 1];
}

/** Test accuracy of the second minus that of the first after every epoch that both have ended. */
export function accuracyGaps(first, second) {
  const gaps = [];
  const count = Math.min(first.epochs.epoch.length, second.epochs.epoch.length);
  for (let k = 0; k < count; k++) {
    const gap = second.epochs.testAccuracy.at(k) - first.epochs.testAccuracy.at(k);
    gaps.push({ epoch: first.epochs.epoch.at(k), iteration: first.epochs.iteration.at(k), gap });
  }
  return gaps;
}

/**
 * The same at equal times: each variant counts with its last test before that second, also once it has ended.
 * @returns [{ seconds, iteration, gap }], a row for every test of either after both had one
 */
export function accuracyGapsInTime(first, second) {
  const tests = [first, second].map(({ epochs }) => {
    const of = [];
    for (let k = 0; k < epochs.epoch.length; k++) of.push({ seconds: epochs.seconds.at(k), accuracy: epochs.testAccuracy.at(k), iteration: epochs.iteration.at(k) });
    return of;
  });
  const end = Math.min(...tests.map((of, index) => (hasEnded([first, second][index].status) ? Infinity : (of.at(-1)?.seconds ?? -1))));
  const times = tests.flatMap((of) => of.map(({ seconds }) => seconds)).sort((a, b) => a - b);
  return times.flatMap((seconds) => {
    const at = tests.map((of) => of.findLast((test) => test.seconds <= seconds));
    if (seconds > end || !at[0] || !at[1]) return [];
    return [{ seconds, iteration: at[0].iteration, gap: at[1].accuracy - at[0].accuracy }];
  });
}

/**
 * The difference of two smoothed losses at `count` places of a window.
 * @param lines  for each variant { iterations, values }: its smoothed loss
 * @param placed place in the window → the iteration of each variant there
 */
export function lossGaps(lines, [from, to], count, placed) {
  const rows = [];
  for (let k = 0; k <= count; k++) {
    const x = from + ((to - from) * k) / count;
    const iterations = placed(x);
    const [a, b] = lines.map((line, index) => valueAt(line, iterations[index]));
    if (Number.isFinite(a) && Number.isFinite(b)) rows.push({ x, iteration: iterations[0], gap: b - a });
  }
  return rows;
}

function valueAt({ iterations, values }, iteration) {
  if (iteration < 1 || values.length === 0 || iteration > iterations.at(values.length - 1)) return NaN;
  return values.at(Math.min(values.length - 1, lastAtOrBelow(iterations, iteration)));
}

/** Who is ahead, since when, and how often that changed. Level counts as no change. */
export function leads(gaps) {
  let leader = 0;
  let since = null;
  let changes = 0;
  for (const { gap, epoch } of gaps) {
    const now = Math.sign(gap);
    if (now === 0 || now === leader || Number.isNaN(gap)) continue;
    if (leader !== 0) changes++;
    leader = now;
    since = epoch;
  }
  return { leader, since, changes };
}

/** The first epoch whose test accuracy is at least `ratio`; null if none is. */
export function reaches({ epochs }, ratio) {
  for (let k = 0; k < epochs.epoch.length; k++) {
    if (epochs.testAccuracy.at(k) >= ratio) return { epoch: epochs.epoch.at(k), iteration: epochs.iteration.at(k), seconds: epochs.seconds.at(k) };
  }
  return null;
}

/** Seconds that a step takes: the median over the epochs, which a cold start does not move. */
export function stepSeconds({ epochs }, batchSize) {
  const speeds = Array.from(epochs.speed.values.subarray(0, epochs.speed.length)).filter((speed) => speed > 0).sort((a, b) => a - b);
  return speeds.length === 0 ? NaN : batchSize / speeds[Math.floor(speeds.length / 2)];
}
