/** Several runs side by side: pure functions. A run is { run, state }, its events folded. */
import { SmoothedVariant } from './smoothing.js';

export const MOST_RUNS = 4;

const LETTERS = 'ABCD';

export const letterOf = (index) => LETTERS[index];

/** Every variant of every run as a line over epochs, of repeats their mean: { run, variant, xs, ys }. */
export function accuracyLines(entries) {
  return lines(entries, ({ variant }) => {
    const { epoch, testAccuracy } = variant.epochs;
    return { xs: listOf(epoch), ys: listOf(testAccuracy) };
  });
}

/** The smoothed losses; an epoch is the variant's own, so that other batch sizes stand on one axis. */
export function lossLines(entries, weight) {
  return lines(entries, ({ variant }) => {
    const line = new SmoothedVariant(variant, weight);
    const values = line.update();
    return { xs: listOf(line.iterations).map((iteration) => iteration / variant.schedule.perEpoch), ys: listOf(values) };
  });
}

function lines(entries, of) {
  return entries.flatMap(({ state }, run) =>
    state.variants.map((variant, index) => {
      const { xs, ys } = of({ variant, state });
      return { run, variant, index, xs, ys: ys.map((y) => (Number.isNaN(y) ? null : y)) };
    }),
  );
}

const listOf = (column) => Array.from(column.values.subarray(0, column.length));

/**
 * What the runs were trained on, a row for each part: { part, values, differs }; a value is null where it isn't known.
 * Of as many images two that differ are `other` images, not only more of them.
 */
export function dataRows(entries) {
  return [['training', 'trainingExamples'], ['test', 'testExamples']].map(([part, count]) => {
    const known = entries.filter(({ state }) => state.data).map(({ state }) => ({ count: state.settings[count], value: state.data[part] }));
    const differs = new Set(known.map(({ value }) => value)).size > 1;
    const other = known.some((a) => known.some((b) => a.count === b.count && a.value !== b.value));
    return { part, values: entries.map(({ state }) => state.data?.[part] ?? null), differs, other };
  });
}

/** The settings of all runs, a row each: { key, values, differs }. */
export function settingRows(entries, keys) {
  return keys.map((key) => {
    const values = entries.map(({ state }) => state.settings[key]);
    return { key, values, differs: new Set(values.map((value) => JSON.stringify(value))).size > 1 };
  });
}
