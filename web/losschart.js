/** Training loss of every iteration: raw thin and pale, smoothed bold on top. */
import { lastAtOrBelow } from './columns.js';
import { Dots } from './cursor.js';
import { markDivergence, nameAxis, nameLines } from './drawing.js';
import { integer, loss, signed, NONE } from './numbers.js';
import { colour, dashOf } from './palette.js';
import { AXIS, canvasFont, gutter, newPlot, sizeOf } from './plot.js';
import { Readout } from './readout.js';
import { logTicks, lossRange } from './scales.js';
import { Smoothed } from './smoothing.js';
import { variantLabel } from './text.js';
import { Thinned, gridOf, sameGrid, slotIterations } from './thinning.js';

export class LossChart {
  constructor(host, readoutHost, view, handlers) {
    this.host = host;
    this.view = view;
    this.handlers = handlers;
    this.readout = new Readout(readoutHost);
    this.chart = null;
    this.painted = [];
  }

  show(state, inks) {
    this.state = state;
    this.inks = inks;
    this.smoothed = state.variants.map(({ iterations, losses }) => new Smoothed(iterations, losses, this.view.smooth));
    this.grid = null;
    this.painted = state.variants.map(() => 0);
    this.readout.show(state.variants, inks);
    this.#build();
  }

  /** What is drawn may hold less than before: nothing kept of it counts. */
  rewind() {
    this.smoothed = this.state.variants.map(({ iterations, losses }) => new Smoothed(iterations, losses, this.view.smooth));
    this.grid = null;
  }

  #build() {
    this.chart?.destroy();
    const { view, inks } = this;
    this.log = view.log;
    this.range = lossRange({ low: Infinity, high: -Infinity, zoomed: false, log: view.log });
    const raw = inks.map((ink) => ({ stroke: () => colour(`${ink}-pale`), width: 1, points: { show: false } }));
    const bold = inks.map((ink) => ({ stroke: () => colour(ink), width: 2.25, dash: dashOf(ink), points: { show: false } }));
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...raw.map(() => []), ...bold.map(() => [])],
        series: [...raw, ...bold],
        x: { range: () => view.window(), format: integer },
        y: { range: () => this.range, format: axisLoss, log: view.log, ticks: view.log ? logTicks : null },
      },
      { ...this.handlers, onDraw: (chart) => this.#annotate(chart) },
    );
    this.dots = new Dots(this.chart, inks);
    this.grid = null;
  }

  resize() {
    const size = sizeOf(this.host);
    if (size.width !== this.chart.width || size.height !== this.chart.height) this.chart.setSize(size);
  }

  /** Brings the chart up to date with the state; at most once a frame. */
  draw() {
    if (this.log !== this.view.log) this.#build();
    for (const line of this.smoothed) line.setWeight(this.view.smooth);
    this.#regrid();
    this.smoothed.forEach((line) => line.update());
    const raw = this.raw.map((curve) => curve.update());
    const bold = this.bold.map((curve) => curve.update());
    this.range = lossRange({ ...extent([...raw, ...bold]), zoomed: this.view.zoom !== null, log: this.view.log });
    this.chart.setData([this.xs, ...raw, ...bold]);
  }

  #regrid() {
    const [from, to] = this.view.window();
    const grid = gridOf(from, to, this.chart.width - AXIS - gutter());
    const smooth = this.view.smooth;
    if (sameGrid(grid, this.grid) && smooth === this.drawnSmooth) return;
    this.grid = grid;
    this.drawnSmooth = smooth;
    this.xs = slotIterations(grid);
    this.raw = this.state.variants.map(({ iterations, losses }) => new Thinned(grid, iterations, losses));
    this.bold = this.smoothed.map((line) => new Thinned(grid, line.iterations, line.values));
  }

  #annotate(chart) {
    if (!this.raw) return;
    const { variants } = this.state;
    this.painted = this.raw.map((curve) => curve.drawn);
    const ends = variants.flatMap((variant, index) => {
      const end = this.#end(index);
      return end && variant.divergedAt === null ? [{ ...end, ink: this.inks[index], label: variantLabel(variant) }] : [];
    });
    nameLines(chart, ends, canvasFont(600));
    variants.forEach((variant, index) => {
      if (variant.divergedAt === null) return;
      const label = `${variantLabel(variant)}: diverged at iteration ${integer(variant.divergedAt)}`;
      markDivergence(chart, { x: variant.divergedAt, y: this.#end(index)?.y ?? null, ink: this.inks[index], label }, canvasFont(600));
    });
    nameAxis(chart, 'iteration', canvasFont(400));
  }

  /** The last point of a smoothed line that is in view. */
  #end(index) {
    const { iterations, values } = this.smoothed[index];
    const [from, to] = this.view.window();
    let last = lastAtOrBelow(iterations, to);
    last = Math.min(last, values.length - 1);
    while (last >= 0 && Number.isNaN(values.at(last))) last--;
    return last < 0 || iterations.at(last) < from ? null : { x: iterations.at(last), y: values.at(last) };
  }

  /** The numbers at iteration `at`, and dots there when the cursor is in the chart. */
  read(at, place, pointed) {
    const { variants } = this.state;
    const spots = variants.map(({ iterations }, index) => {
      const found = Math.min(lastAtOrBelow(iterations, at), this.smoothed[index].values.length - 1);
      return found < 0 || at > iterations.last ? null : found;
    });
    const values = spots.map((spot, index) => (spot === null ? NaN : this.smoothed[index].values.at(spot)));
    const notes = spots.map((spot, index) => {
      if (spot === null || this.view.smooth === 0) return '';
      return `raw ${loss(variants[index].losses.at(spot))}`;
    });
    this.readout.set(place, values.map(loss), differences(values), notes);
    this.dots.set(pointed ? spots.map((spot, index) => (spot === null ? null : { x: variants[index].iterations.at(spot), y: values[index] })) : []);
  }

  /** The loss at a variant's line's end: what its lane shows. */
  latest(index) {
    const line = this.smoothed[index].update();
    for (let k = line.length - 1; k >= 0; k--) if (!Number.isNaN(line.at(k))) return line.at(k);
    return NaN;
  }
}

const differences = (values) =>
  values.map((value) => (Number.isFinite(value) && Number.isFinite(values[0]) ? signed((value - values[0]).toFixed(3)) : NONE));

/** All numbers of an axis have the decimals of the finest. */
function axisLoss(value, ticks) {
  if (value >= 10000) return value.toExponential(0).replace('e+', 'e');
  if (ticks.at(-1) / ticks[0] > 100 && ticks[0] > 0) return String(Number(value.toPrecision(3)));
  const decimals = Math.max(...ticks.map((tick) => String(Number(tick.toPrecision(6))).split('.')[1]?.length ?? 0));
  return value.toFixed(decimals);
}

function extent(curves) {
  let low = Infinity;
  let high = -Infinity;
  for (const ys of curves) {
    for (let k = 0; k < ys.length; k++) {
      const y = ys[k];
      if (y == null) continue;
      if (y < low) low = y;
      if (y > high) high = y;
    }
  }
  return { low, high };
}
