/** What the looks into the layers come to: the numbers of the sentence over the rows. No DOM. */
import { QUANTITIES, looksUpTo, valueAt } from './layers.js';
import { lastIteration } from './state.js';

/** How far a training's looks are shown: as far as it has come in the moment in view. */
export const reachedOf = (state, member) => (state.replayed ? looksUpTo(member.lens, lastIteration(member)) : member.lens.iteration.length);

/**
 * @param shown [{ variant, lens, looks }], of which the first `looks` are in view
 * @returns { layer, layers, iteration, of }: the layer that is told of, counted from 1: of what enters and of the sums the
 *     one that has moved most, else the last
 */
export function factsOf(shown, quantity, units) {
  const seen = shown.filter(({ lens, looks }) => looks > 0 && (!QUANTITIES[quantity].norm || valueAt(lens.layers[0], quantity, 0)));
  if (seen.length === 0) return { layer: units.length, layers: units.length, iteration: 0, of: [] };
  const iteration = Math.min(...seen.map(({ lens, looks }) => lens.iteration.at(looks - 1)));
  const looksAt = (lens) => looksUpTo(lens, iteration) - 1;
  const told = quantity === 'input' || quantity === 'sum' ? mostMoved(seen, quantity, looksAt) : units.length - 1;
  const of = seen.map(({ variant, lens }) => {
    const k = looksAt(lens);
    const lines = (at) => lens.layers.map((layer) => valueAt(layer, quantity, at).line);
    const ratio = (at) => lines(at)[0] / lines(at).at(-1);
    return {
      variant,
      first: valueAt(lens.layers[told], quantity, 0),
      last: valueAt(lens.layers[told], quantity, k),
      off: lens.layers.reduce((sum, layer, index) => sum + layer.deadRatio.at(k) * units[index], 0) / units.reduce((sum, count) => sum + count, 0),
      ratios: [ratio(0), ratio(k)],
      steps: [Math.min(...lines(k)), Math.max(...lines(k))],
    };
  });
  return { layer: told + 1, layers: units.length, iteration, of };
}

function mostMoved(seen, quantity, looksAt) {
  const moves = (layer) => Math.max(...seen.map(({ lens }) => movement(valueAt(lens.layers[layer], quantity, 0), valueAt(lens.layers[layer], quantity, looksAt(lens)))));
  const all = seen[0].lens.layers.map((_, layer) => moves(layer));
  return all.indexOf(Math.max(...all));
}

/** By how much a line has shifted, and its band widened; what is no longer a number has gone furthest. */
function movement(from, to) {
  const moved = Math.abs(to.line - from.line) + Math.abs(to.high - to.low - (from.high - from.low)) / 2;
  return Number.isNaN(moved) ? Infinity : moved;
}
