/** The charts of a run as pictures to take away; they show the stretch, the scale and the band that are in view. */
import { dashOf, inks } from '../page/palette.js';
import { Axis } from '../run/axis.js';
import { lossGaps, pairOf } from '../run/difference.js';
import { accuracyGapsOver, gapAxis, placedOn } from '../run/gaps.js';
import { edgesOf } from '../run/pool.js';
import { SmoothedVariant } from '../run/smoothing.js';
import { signed } from '../text/numbers.js';
import { BAND, CHART, FIGURE, PAIRS, TRAIN_MODE, summary, titleOf, variantLabel } from '../text/text.js';
import { figure } from './figure.js';
import { pictured } from './places.js';
import { accuracyRange, differenceRange, floored, logTicks, lossExtent, lossRange, lossTick, roundUp } from './scales.js';
import { Thinned, gridOf, gridOver, slotPlaces } from './thinning.js';
import { TWIN_DASH, twins } from './trainmode.js';

const PIXELS = 728;
const HEIGHT = 316;

export const FIGURES = ['loss', 'accuracy', 'accuracy-difference', 'loss-difference'];

export function drawFigure(name, state, view) {
  const axis = new Axis(state, view.base ?? null);
  const window = view.zoom ? view.zoom.map((iteration) => axis.place(iteration)) : [0, axis.end];
  const repeated = state.repeats > 1;
  const around = !repeated ? '' : `; ${name.endsWith('difference') ? PAIRS : BAND.of(state.repeats, view.band)}`;
  const subtitle = `${titleOf(state)}; ${summary(state.settings)}${around}`;
  const smoothed = state.variants.map((variant) => {
    const line = new SmoothedVariant(variant, view.smooth);
    line.update();
    return line;
  });
  const context = { state, view, axis, window, smoothed, colours: inks(state.variants) };
  return figure({ title: FIGURE[name], subtitle, ...DRAW[name](context) });
}

const DRAW = {
  loss({ state, view, axis, window, smoothed, colours }) {
    const counted = axis.base === 'iteration';
    const grid = (counted ? gridOf : gridOver)(...window, PIXELS);
    const xs = slotPlaces(grid);
    const thinned = (k, iterations, column) => new Thinned(grid, iterations, column, 1, counted ? null : (iteration) => axis.at(state.variants[k], iteration)).update();
    const raw = state.repeats > 1 ? [] : state.variants.map(({ iterations, losses }, k) => ({ ink: colours[k], thin: true, xs, ys: thinned(k, iterations, losses) }));
    const bold = state.variants.map((variant, k) => ({ ink: colours[k], dash: dashOf(colours[k]), label: variantLabel(variant), xs, ys: thinned(k, smoothed[k].iterations, smoothed[k].values) }));
    const bands = smoothed.flatMap(({ pool }, k) => {
      if (!pool) return [];
      const edges = edgesOf(pool, view.band);
      return [{ ink: colours[k], xs, low: thinned(k, pool.iterations, edges.low), high: thinned(k, pool.iterations, edges.high) }];
    });
    const extent = lossExtent([...raw, ...bold, ...bands.flatMap(({ low, high }) => [{ ys: low }, { ys: high }])].map(({ ys }) => ys), view.log);
    const range = lossRange({ ...extent, zoomed: view.zoom !== null, log: view.log });
    const ticks = view.log ? logTicks(...range, HEIGHT) : steps(...range);
    const lines = [...raw, ...bold].map((line) => (view.log ? { ...line, ys: floored(line.ys, range[0]) } : line));
    return { lines, bands, x: pictured(axis, window, steps, PIXELS), y: { from: range[0], to: range[1], log: view.log, ticks, name: CHART.nats, format: (value) => lossTick(range, extent, value, ticks) } };
  },

  accuracy({ state, view, axis, window, colours }) {
    const ends = (variant) => list(variant.epochs.epoch).map((epoch) => axis.epochEnd(variant, epoch));
    const lines = state.variants.map((variant, k) => {
      const { testAccuracy } = variant.epochs;
      return { ink: colours[k], dash: dashOf(colours[k]), dots: true, label: variantLabel(variant), xs: ends(variant), ys: list(testAccuracy).map((y) => (Number.isNaN(y) ? null : y)) };
    });
    lines.push(...twins(state, axis).map(({ index, xs, ys }) => ({ ink: colours[index], dash: TWIN_DASH, label: TRAIN_MODE.line, xs, ys })));
    const bands = state.variants.flatMap((variant, k) => {
      const { pools } = variant;
      if (!pools) return [];
      const edges = edgesOf(pools.epochs.testAccuracy, view.band);
      return [{ ink: colours[k], xs: ends(variant), low: list(edges.low), high: list(edges.high) }];
    });
    const lowest = bands.flatMap(({ low }) => low).filter(Number.isFinite);
    const range = accuracyRange(Math.min(extent(lines)[0], ...lowest));
    return { lines, bands, x: pictured(axis, window, steps, PIXELS, true), y: { from: range[0], to: range[1], ticks: steps(...range), name: CHART.testImages, format: (ratio) => `${plain(ratio * 100)}%` } };
  },

  'accuracy-difference'({ state, view, axis, window }) {
    const pair = pairOf(state, view.pair).map((index) => state.variants[index]);
    const shown = gapAxis(state, axis, window);
    const gaps = accuracyGapsOver(shown.axis, pair);
    return differing(pair, gaps.map((row) => ({ ...row, gap: row.gap * 100, margin: row.margin * 100 })), pictured(shown.axis, shown.window, steps, PIXELS, true), CHART.pointsUnit, true, 4);
  },

  'loss-difference'({ state, view, axis, window, smoothed }) {
    const chosen = pairOf(state, view.pair);
    const pair = chosen.map((index) => state.variants[index]);
    const [first, second] = chosen.map((index) => smoothed[index].lines);
    const shown = gapAxis(state, axis, window);
    const rows = lossGaps(first.map((line, r) => [line, second[r]]), shown.window, PIXELS, placedOn(shown.axis, pair));
    return differing(pair, rows, pictured(shown.axis, shown.window, steps, PIXELS), CHART.nats, false, 0.4);
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
