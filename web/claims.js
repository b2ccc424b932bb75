/**
 * What a run shows of the notebook's expectations of Batch Normalization: pure functions of the run's state.
 * A claim carries its numbers, the stretch of iterations it rests on, and whether the run can tell at all:
 * a gap counts only if it exceeds twice the error that so many test images leave.
 */
import { hasEnded } from './state.js';

export const ASPECTS = ['early', 'final', 'stability', 'rate'];

/** A network that does no better than this ratio of the other's accuracy has collapsed. */
const COLLAPSED = 0.6;
const LEAST_EPOCHS = 3;

/** The first variant without and the first with BatchNorm; null if the run lacks either. */
export function seedPair({ variants }) {
  const pair = ['none', 'batch'].map((normalization) => variants.findIndex((variant) => variant.normalization === normalization));
  return pair.includes(-1) ? null : pair;
}

/** Twice the standard error of the difference of two accuracies over so many images. */
export const tellable = (p, q, images) => 2 * Math.sqrt((p * (1 - p) + q * (1 - q)) / images);

/** @returns claims by aspect: { verdict: expected, against, unclear or pending; window; and the numbers } */
export function claims(state) {
  const pair = seedPair(state);
  if (!pair) return null;
  const [none, batch] = pair.map((index) => state.variants[index]);
  const epochs = Math.min(none.epochs.epoch.length, batch.epochs.epoch.length);
  const race = { state, none, batch, epochs, ended: hasEnded(state.status) };
  return { early: early(race), final: final(race), stability: stability(race), rate: rate(race) };
}

const accuracy = (variant, k) => variant.epochs.testAccuracy.at(k);

/** What BatchNorm is expected to win, judged by its lead. */
function judged(lead, least) {
  if (Math.abs(lead) <= least) return 'unclear';
  return lead > 0 ? 'expected' : 'against';
}

function compared({ state, none, batch }, k) {
  const [p, q] = [accuracy(none, k), accuracy(batch, k)];
  const least = tellable(p, q, state.settings.testExamples);
  return { verdict: judged(q - p, least), epoch: none.epochs.epoch.at(k), none: p, batch: q, least };
}

function early(race) {
  const { perEpoch, total } = race.state;
  const window = [0, Math.min(total, 2 * perEpoch)];
  return race.epochs === 0 ? { verdict: 'pending', window } : { ...compared(race, 0), window };
}

function final(race) {
  const { perEpoch, total } = race.state;
  if (race.epochs === 0) return { verdict: 'pending', window: [0, total] };
  const end = race.epochs * perEpoch;
  return { ...compared(race, race.epochs - 1), ended: race.ended, window: [Math.max(0, end - 2 * perEpoch), end] };
}

/** How often and how far test accuracy fell from one epoch to the next. */
export function falls(variant, epochs) {
  let count = 0;
  let worst = 0;
  for (let k = 1; k < epochs; k++) {
    const fall = accuracy(variant, k - 1) - accuracy(variant, k);
    if (!(fall > 0)) continue;
    count++;
    worst = Math.max(worst, fall);
  }
  return { count, worst };
}

function stability(race) {
  const { state, none, batch, epochs } = race;
  const window = [0, state.total];
  if (none.divergedAt !== null || batch.divergedAt !== null) {
    const verdict = batch.divergedAt === null ? 'expected' : none.divergedAt === null ? 'against' : 'unclear';
    return { verdict, window, diverged: { none: none.divergedAt, batch: batch.divergedAt } };
  }
  if (epochs < LEAST_EPOCHS) return { verdict: race.ended ? 'unclear' : 'pending', short: race.ended, window };
  const found = { none: falls(none, epochs), batch: falls(batch, epochs) };
  const at = epochs - 1;
  const least = tellable(accuracy(none, at), accuracy(batch, at), state.settings.testExamples);
  return { verdict: judged(found.none.worst - found.batch.worst, least), ...found, steps: epochs - 1, window: [state.perEpoch, epochs * state.perEpoch] };
}

function rate(race) {
  const { state, none, batch, epochs } = race;
  const rates = [none, batch].map(({ index }) => state.settings.variants[index].learningRate ?? state.settings.learningRate);
  const window = [0, state.total];
  const lost = (variant) => variant.divergedAt !== null;
  if (lost(none) || lost(batch)) {
    const verdict = lost(none) && lost(batch) ? 'unclear' : lost(none) ? 'expected' : 'against';
    return { verdict, rates, window, none: lost(none) ? NaN : accuracy(none, epochs - 1), batch: lost(batch) ? NaN : accuracy(batch, epochs - 1) };
  }
  if (epochs === 0) return { verdict: 'pending', rates, window };
  const [p, q] = [accuracy(none, epochs - 1), accuracy(batch, epochs - 1)];
  const collapsed = { none: p < COLLAPSED * q, batch: q < COLLAPSED * p };
  const verdict = collapsed.none ? 'expected' : collapsed.batch ? 'against' : rates[1] > rates[0] && q >= p ? 'expected' : 'unclear';
  return { verdict, rates, none: p, batch: q, collapsed: collapsed.none || collapsed.batch, window };
}
