/**
 * What was seen in the hidden layers of one training: a fold over its `layers` and `histograms` events, each kind
 * in a column that grows. No DOM.
 *
 *   iteration      when a step was looked into
 *   layers         for each hidden layer a column of each number of LAYER, and of NORM where there is BatchNorm
 *   histograms     { epochs, edges, counts }: counts[k][layer][bin] after epochs.at(k)
 */
import { Column, lastAtOrBelow } from './columns.js';

const LAYER = ['sumMean', 'sumSd', 'inputMean', 'inputSd', 'inputLow', 'inputMedian', 'inputHigh', 'deadRatio', 'gradientNorm', 'updateRatio'];
const NORM = ['meanGap', 'sdGap', 'gammaMin', 'gammaMean', 'gammaMax', 'betaMin', 'betaMean', 'betaMax'];

export const newLens = () => ({ iteration: new Column(64), layers: [], histograms: { epochs: new Column(64), edges: null, counts: [] } });

const columns = (names) => Object.fromEntries(names.map((name) => [name, new Column(64)]));

/** One look into all layers; what is not a number is NaN. */
export function foldLayers(lens, { iteration, layers }) {
  if (iteration <= (lens.iteration.last ?? 0)) return;
  lens.iteration.push(iteration);
  layers.forEach((seen, index) => {
    lens.layers[index] ??= columns(seen.batchNorm ? [...LAYER, ...NORM] : LAYER);
    const layer = lens.layers[index];
    for (const name of LAYER) layer[name].push(seen[name] ?? NaN);
    if (seen.batchNorm) for (const name of NORM) layer[name].push(seen.batchNorm[name] ?? NaN);
  });
}

export function foldHistograms({ histograms }, { epoch, edges, counts }) {
  if (epoch <= (histograms.epochs.last ?? 0)) return;
  histograms.epochs.push(epoch);
  histograms.edges = edges;
  histograms.counts.push(counts);
}

/**
 * What there is to see: of each layer a line, a band around it, a second line that is thin. `norm`: of layers with
 * BatchNorm alone. `scale`: log, share (0 to 1), or signed: around 0, which may span orders of magnitude.
 */
export const QUANTITIES = {
  input: { line: 'inputMedian', band: (layer, k) => [layer.inputLow.at(k), layer.inputHigh.at(k)], scale: 'signed' },
  sum: { line: 'sumMean', band: (layer, k) => [layer.sumMean.at(k) - layer.sumSd.at(k), layer.sumMean.at(k) + layer.sumSd.at(k)], scale: 'signed' },
  dead: { line: 'deadRatio', scale: 'share' },
  gradient: { line: 'gradientNorm', scale: 'log' },
  update: { line: 'updateRatio', scale: 'log' },
  gap: { line: 'meanGap', thin: 'sdGap', norm: true, scale: 'size' },
  gamma: { line: 'gammaMean', band: (layer, k) => [layer.gammaMin.at(k), layer.gammaMax.at(k)], norm: true, scale: 'signed' },
  beta: { line: 'betaMean', band: (layer, k) => [layer.betaMin.at(k), layer.betaMax.at(k)], norm: true, scale: 'signed' },
};

/** Does a quantity say something of a variant? Only a ReLU can be off for all images; only BatchNorm keeps statistics. */
export const isTold = (quantity, { settings }) => (quantity === 'dead' ? settings.activation === 'relu' : !QUANTITIES[quantity].norm || settings.normalization === 'batch');

/** How many looks lie at or before an iteration. */
export const looksUpTo = (lens, iteration) => lastAtOrBelow(lens.iteration, iteration) + 1;

/** A quantity of one layer at look `k`: { line, low, high, thin }; null where the layer has none. */
export function valueAt(layer, quantity, k) {
  const { line, band, thin } = QUANTITIES[quantity];
  if (!layer?.[line] || k < 0) return null;
  const [low, high] = band ? band(layer, k) : [null, null];
  return { line: layer[line].at(k), low, high, thin: thin ? layer[thin].at(k) : null };
}

/** The least and the greatest of a quantity over all layers of several trainings. */
export function extentOf(lenses, quantity) {
  let least = Infinity;
  let greatest = -Infinity;
  for (const { iteration, layers } of lenses) {
    for (const layer of layers) {
      for (let k = 0; k < iteration.length; k++) {
        const value = valueAt(layer, quantity, k);
        if (!value) break;
        for (const number of [value.line, value.low, value.high, value.thin]) {
          if (number === null || !Number.isFinite(number) || (QUANTITIES[quantity].scale === 'log' && number <= 0)) continue;
          least = Math.min(least, number);
          greatest = Math.max(greatest, number);
        }
      }
    }
  }
  return [least, greatest];
}

const HALVES = [1, 2, 5, 10];
const HELD = 0.95;

/** Half of the histograms' one axis: the narrowest that holds nearly all of every training, layer and epoch. */
export function halfOf(lenses) {
  const holds = (half) => lenses.every(({ histograms: { edges, counts } }) => counts.every((layers) => layers.every((bins) => shareWithin(edges, bins, half) >= HELD)));
  return HALVES.find(holds) ?? HALVES.at(-1);
}

const total = (bins) => bins.reduce((sum, count) => sum + count, 0);

function shareWithin(edges, bins, half) {
  let within = 0;
  for (let k = 1; k < edges.length; k++) if (edges[k - 1] >= -half && edges[k] <= half) within += bins[k];
  return within / Math.max(1, total(bins));
}

/** Bins narrower than this share of the axis are drawn together: their noise would look like more than it is. */
const NARROWEST = 1 / 80;

/** A histogram between −half and half as density: [{ from, to, density }], and the shares below and above. */
export function densities(edges, bins, half) {
  const all = Math.max(1, total(bins));
  const within = [];
  let below = bins[0];
  let above = bins.at(-1);
  let from = -half;
  let count = 0;
  for (let k = 1; k < edges.length; k++) {
    if (edges[k] <= -half) below += bins[k];
    else if (edges[k - 1] >= half) above += bins[k];
    else {
      const to = Math.min(half, edges[k]);
      const inside = (to - Math.max(-half, edges[k - 1])) / (edges[k] - edges[k - 1]);
      count += bins[k] * inside;
      if (edges[k - 1] < -half) below += bins[k] * (1 - inside);
      else above += bins[k] * (1 - inside);
      if (to - from < 2 * half * NARROWEST && to < half) continue;
      within.push({ from, to, density: count / all / (to - from) });
      from = to;
      count = 0;
    }
  }
  return { within, below: below / all, above: above / all };
}
