/** What the looks into the layers come to: the numbers of the sentence over the rows. No DOM. */
import { isTold, looksUpTo, valueAt } from './layers.js';
import { lastIteration } from './state.js';
import { examplesAfter, iterationAfter } from './variants.js';

/** How far a training's looks are shown: as far as it has come in the moment in view. */
export const reachedOf = (state, member) => (state.replayed ? looksUpTo(member.lens, lastIteration(member)) : member.lens.iteration.length);

/**
 * @param shown [{ variant, lens, looks }], of which the first `looks` are in view
 * @returns { layer, layers, of }: the layer that is told of, counted from 1: of what enters and of the sums the
 *     one that has moved most, else the last that all have; `of` each its iteration
 */
export function factsOf(shown, quantity) {
  const seen = shown.filter(({ variant, looks }) => looks > 0 && isTold(quantity, variant));
  const layers = Math.min(...seen.map(({ lens }) => lens.layers.length));
  if (seen.length === 0) return { layer: 0, layers: 0, of: [] };
  // Where all have seen as many examples as the one that has seen the fewest.
  const least = Math.min(...seen.map(({ variant, lens, looks }) => examplesAfter(variant.schedule, lens.iteration.at(looks - 1))));
  const looksAt = ({ variant, lens, looks }) => Math.max(1, Math.min(looks, looksUpTo(lens, iterationAfter(variant.schedule, least) + 1e-6))) - 1;
  const told = quantity === 'input' || quantity === 'sum' ? mostMoved(seen, quantity, looksAt, layers) : layers - 1;
  const of = seen.map((one) => {
    const { variant, lens } = one;
    const units = variant.settings.hiddenLayers;
    const k = looksAt(one);
    const lines = (at) => lens.layers.map((layer) => valueAt(layer, quantity, at).line);
    const ratio = (at) => lines(at)[0] / lines(at)[layers - 1];
    return {
      variant,
      iteration: lens.iteration.at(k),
      first: valueAt(lens.layers[told], quantity, 0),
      last: valueAt(lens.layers[told], quantity, k),
      off: lens.layers.reduce((sum, layer, index) => sum + layer.deadRatio.at(k) * units[index], 0) / units.reduce((sum, count) => sum + count, 0),
      ratios: [ratio(0), ratio(k)],
      steps: [Math.min(...lines(k)), Math.max(...lines(k))],
    };
  });
  return { layer: told + 1, layers, of };
}

function mostMoved(seen, quantity, looksAt, layers) {
  const moves = (layer) => Math.max(...seen.map((one) => movement(valueAt(one.lens.layers[layer], quantity, 0), valueAt(one.lens.layers[layer], quantity, looksAt(one)))));
  const all = Array.from({ length: layers }, (_, layer) => moves(layer));
  return all.indexOf(Math.max(...all));
}

/** By how much a line has shifted, and its band widened; what is no longer a number has gone furthest. */
function movement(from, to) {
  const moved = Math.abs(to.line - from.line) + Math.abs(to.high - to.low - (from.high - from.low)) / 2;
  return Number.isNaN(moved) ? Infinity : moved;
}
