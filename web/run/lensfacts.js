/** What the looks into the layers come to: the numbers of the sentence over the rows. No DOM. */
import { QUANTITIES, looksUpTo, valueAt } from './layers.js';
import { lastIteration } from './state.js';

/** How far a training's looks are shown: as far as it has come in the moment in view. */
export const reachedOf = (state, member) => (state.replayed ? looksUpTo(member.lens, lastIteration(member)) : member.lens.iteration.length);

/**
 * @param shown [{ variant, lens, looks }], of which the first `looks` are in view
 * @returns { layer, iteration, of }: the layer that is told of, counted from 1
 */
export function factsOf(shown, quantity, units) {
  const seen = shown.filter(({ lens, looks }) => looks > 0 && (!QUANTITIES[quantity].norm || valueAt(lens.layers[0], quantity, 0)));
  if (seen.length === 0) return { layer: units.length, iteration: 0, of: [] };
  const iteration = Math.min(...seen.map(({ lens, looks }) => lens.iteration.at(looks - 1)));
  const of = seen.map(({ variant, lens }) => {
    const k = looksUpTo(lens, iteration) - 1;
    const lines = (at) => lens.layers.map((layer) => valueAt(layer, quantity, at).line);
    const ratio = (at) => lines(at)[0] / lines(at).at(-1);
    return {
      variant,
      first: valueAt(lens.layers.at(-1), quantity, 0),
      last: valueAt(lens.layers.at(-1), quantity, k),
      off: lens.layers.reduce((sum, layer, index) => sum + layer.deadRatio.at(k) * units[index], 0) / units.reduce((sum, count) => sum + count, 0),
      ratios: [ratio(0), ratio(k)],
      steps: [Math.min(...lines(k)), Math.max(...lines(k))],
    };
  });
  return { layer: units.length, iteration, of };
}
