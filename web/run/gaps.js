/** Two variants' differences over the axis of a run's charts (see axis.js). No DOM. */
import { Axis } from './axis.js';
import { accuracyGaps, accuracyGapsInTime, pairsOf } from './difference.js';

/**
 * What differences are drawn over: the charts' axis; but where the same iteration is not the same number of examples
 * for all variants, examples seen in its place.
 */
export function gapAxis(state, axis, window) {
  if (axis.comparable) return { axis, window };
  const other = new Axis(state, 'examples');
  return { axis: other, window: window.map((x) => other.place(x)) };
}

/** Differences in test accuracy, each with its place on the axis as `x`. */
export function accuracyGapsOver(axis, [first, second]) {
  if (axis.base === 'seconds') return accuracyGapsInTime(first, second).map((row) => ({ ...row, x: row.seconds }));
  return accuracyGaps(first, second).map((row) => ({ ...row, x: axis.epochEnd(first, row.epoch) }));
}

/** Where the two trainings of a pair are at a place of the axis: (place, which pair) → their iterations. */
export function placedOn(axis, [first, second]) {
  const pairs = pairsOf(first, second);
  return (x, r) => pairs[r].map((member, side) => Math.floor(axis.iterationAt([first, second][side], x, member) + 1e-6));
}
