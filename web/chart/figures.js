/** The charts of a run as pictures to take away; they show the stretch, the scale and the band that are in view. */
import { dashOf, inks } from '../page/palette.js';
import { accuracyGaps, lossGaps, pairOf } from '../run/difference.js';
import { edgesOf } from '../run/pool.js';
import { SmoothedVariant } from '../run/smoothing.js';
import { integer, signed } from '../text/numbers.js';
import { BAND, CHART, FIGURE, PAIRS, TRAIN_MODE, summary, titleOf, variantLabel } from '../text/text.js';
import { figure } from './figure.js';
import { accuracyRange, differenceRange, epochTicks, floored, logTicks, lossExtent, lossRange, lossTick, roundUp } from './scales.js';
import { Thinned, gridOf, slotIterations } from './thinning.js';
import { TWIN_DASH, twins } from './trainmode.js';

const PIXELS = 728;
const HEIGHT = 316;

export const FIGURES = ['loss', 'accuracy', 'accuracy-difference', 'loss-difference'];

export function drawFigure(name, state, view) {
  const [from, to] = view.zoom ?? [0, state.total];
  const repeated = state.repeats > 1;
  const around = !repeated ? '' : `; ${name.endsWith('difference') ? PAIRS : BAND.of(state.repeats, view.band)}`;
  const subtitle = `${titleOf(state)}; ${summary(state.settings)}${around}`;
  const smoothed = state.variants.map((variant) => {
    const line = new SmoothedVariant(variant, view.smooth);
    line.update();
    return line;
  });
  const context = { state, view, from, to, smoothed, colours: inks(state.settings.variants) };
  return figure({ title: FIGURE[name], subtitle, ...DRAW[name](context) });
}

const DRAW = {
  loss({ state, view, from, to, smoothed, colours }) {
    const grid = gridOf(from, to, PIXELS);
    const xs = slotIterations(grid);
    const thinned = (iterationsOf, column) => new Thinned(grid, iterationsOf, column).update();
    const raw = state.repeats > 1 ? [] : state.variants.map(({ iterations, losses }, k) => ({ ink: colours[k], thin: true, xs, ys: thinned(iterations, losses) }));
    const bold = state.variants.map((variant, k) => ({ ink: colours[k], dash: dashOf(colours[k]), label: variantLabel(variant), xs, ys: thinned(smoothed[k].iterations, smoothed[k].values) }));
    const bands = smoothed.flatMap(({ pool }, k) => {
      if (!pool) return [];
      const edges = edgesOf(pool, view.band);
      return [{ ink: colours[k], xs, low: thinned(pool.iterations, edges.low), high: thinned(pool.iterations, edges.high) }];
    });
    const extent = lossExtent([...raw, ...bold, ...bands.flatMap(({ low, high }) => [{ ys: low }, { ys: high }])].map(({ ys }) => ys), view.log);
    const range = lossRange({ ...extent, zoomed: view.zoom !== null, log: view.log });
    const ticks = view.log ? logTicks(...range, HEIGHT) : steps(...range);
    const lines = [...raw, ...bold].map((line) => (view.log ? { ...line, ys: floored(line.ys, range[0]) } : line));
    return { lines, bands, x: iterations(from, to), y: { from: range[0], to: range[1], log: view.log, ticks, name: CHART.nats, format: (value) => lossTick(range, extent, value, ticks) } };
  },

  accuracy({ state, view, from, to, colours }) {
    const lines = state.variants.map((variant, k) => {
      const { iteration, testAccuracy } = variant.epochs;
      return { ink: colours[k], dash: dashOf(colours[k]), dots: true, label: variantLabel(variant), xs: list(iteration), ys: list(testAccuracy).map((y) => (Number.isNaN(y) ? null : y)) };
    });
    lines.push(...twins(state).map(({ index, xs, ys }) => ({ ink: colours[index], dash: TWIN_DASH, label: TRAIN_MODE.line, xs, ys })));
    const bands = state.variants.flatMap(({ epochs, pools }, k) => {
      if (!pools) return [];
      const edges = edgesOf(pools.epochs.testAccuracy, view.band);
      return [{ ink: colours[k], xs: list(epochs.iteration), low: list(edges.low), high: list(edges.high) }];
    });
    const lowest = bands.flatMap(({ low }) => low).filter(Number.isFinite);
    const range = accuracyRange(Math.min(extent(lines)[0], ...lowest));
    return { lines, bands, x: epochs(state, from, to), y: { from: range[0], to: range[1], ticks: steps(...range), name: CHART.testImages, format: (ratio) => `${plain(ratio * 100)}%` } };
  },

  'accuracy-difference'({ state, view, from, to }) {
    const pair = pairOf(state, view.pair).map((index) => state.variants[index]);
    const gaps = accuracyGaps(...pair);
    return differing(pair, gaps.map((row) => ({ ...row, x: row.iteration, gap: row.gap * 100, margin: row.margin * 100 })), epochs(state, from, to), CHART.pointsUnit, true, 4);
  },

  'loss-difference'({ state, view, from, to, smoothed }) {
    const chosen = pairOf(state, view.pair);
    const [first, second] = chosen.map((index) => smoothed[index].lines);
    const rows = lossGaps(first.map((line, r) => [line, second[r]]), [from, to], PIXELS, (x) => [x, x]);
    return differing(chosen.map((index) => state.variants[index]), rows, iterations(from, to), CHART.nats, false, 0.4);
  },
};

function differing([first, second], rows, x, unit, dots, least) {
  const xs = rows.map((row) => row.x);
  const lines = [{ ink: 'ink', dots, label: '', xs, ys: rows.map(({ gap }) => gap) }];
  const edge = (sign) => rows.map(({ gap, margin }) => gap + sign * margin);
  const bands = first.members.length > 1 ? [{ ink: 'ink', xs, low: edge(-1), high: edge(1) }] : [];
  const told = rows.filter(({ n }) => n > 2).flatMap(({ gap, margin }) => [gap - margin, gap + margin]);
  const range = differenceRange(...extent([...lines, { ys: told }]), least);
  const name = `${unit}, ${variantLabel(second)} \u2212 ${variantLabel(first)}`;
  return { lines, bands, x, y: { from: range[0], to: range[1], ticks: steps(...range), name, format: (value) => signed(plain(value)) } };
}

const list = (column) => Array.from(column.values.subarray(0, column.length));
const plain = (value) => String(Number(value.toPrecision(6)));
const iterations = (from, to) => ({ from, to, ticks: steps(from, to).filter(Number.isInteger), name: CHART.iteration, format: integer });
const epochs = ({ perEpoch }, from, to) => ({ from, to, ticks: epochTicks(from, to, perEpoch, PIXELS), name: CHART.epoch, format: (iteration) => integer(Math.round(iteration / perEpoch)) });

/** About six round numbers of a range. */
function steps(from, to) {
  const step = roundUp((to - from) / 6);
  const ticks = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-6; k++) ticks.push(Number((k * step).toPrecision(10)));
  return ticks;
}

function extent(lines) {
  let low = Infinity;
  let high = -Infinity;
  for (const { ys } of lines) {
    for (const y of ys) {
      if (y == null) continue;
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  return [low, high];
}
