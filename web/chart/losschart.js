/**
 * Training loss of every iteration: raw thin and pale, smoothed bold on top. With repeats the bold line is the mean
 * of the repeats' smoothed losses, in place of the raw one stands a band around it, and each repeat's own line is
 * drawn thin while it is trained and where the cursor is in the charts.
 */
import { colour, dashOf } from '../page/palette.js';
import { lastAtOrBelow } from '../run/columns.js';
import { edgesOf } from '../run/pool.js';
import { SmoothedVariant } from '../run/smoothing.js';
import { integer, loss, signed, NONE } from '../text/numbers.js';
import { CHART, countText, divergedText, spreadText, variantLabel } from '../text/text.js';
import { bandBetween, drawThin, edgeSeries, meanSeries } from './band.js';
import { Dots } from './cursor.js';
import { markDivergence, nameAxis, nameLines } from './drawing.js';
import { AXIS, canvasFont, gutter, newPlot, sizeOf } from './plot.js';
import { Readout } from './readout.js';
import { floored, logTicks, lossExtent, lossRange, lossTick } from './scales.js';
import { Thinned, gridOf, sameGrid, slotIterations, unrest } from './thinning.js';

/** Of a thinned bold line the least and the greatest of so many pixels are drawn: nobody could see more of it. */
const BOLD_PIXELS = 5;

/** Beyond it a bold line is drawn without its dashes: nobody could tell them, and they are slow to draw. */
const MOST_UNREST = 12;

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
    this.repeated = state.repeats > 1;
    this.painted = state.variants.map(() => 0);
    this.readout.show(state.variants, inks);
    this.rewind();
    this.#build();
  }

  /** What is drawn may hold less than before: nothing kept of it counts. */
  rewind() {
    this.smoothed = this.state.variants.map((variant) => new SmoothedVariant(variant, this.view.smooth));
    this.grid = null;
  }

  #build() {
    this.chart?.destroy();
    const { view, inks } = this;
    this.log = view.log;
    this.extent = lossExtent([], view.log);
    this.range = lossRange({ ...this.extent, zoomed: false, log: view.log });
    const raw = (ink) => ({ stroke: () => colour(`${ink}-pale`), width: 1, points: { show: false } });
    const under = inks.flatMap((ink) => (this.repeated ? edgeSeries() : [raw(ink)]));
    const series = [...under, ...inks.map((ink) => meanSeries(ink))];
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...series.map(() => [])],
        series,
        bands: this.repeated ? inks.map((ink, index) => bandBetween(2 * index + 1, ink)) : [],
        x: { range: () => view.window(), format: integer },
        y: { range: () => this.range, format: (value, all) => lossTick(this.range, this.extent, value, all), log: view.log, ticks: view.log ? logTicks : null },
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

  /**
   * Brings the chart up to date with the state; at most once a frame.
   * @param apart are the repeats' own lines to be seen?
   */
  draw(apart = false) {
    if (this.log !== this.view.log) this.#build();
    for (const line of this.smoothed) line.setWeight(this.view.smooth);
    this.smoothed.forEach((line) => line.update());
    this.#regrid();
    const under = this.under.flatMap((curves) => curves.map((curve) => curve.update()));
    const bold = this.bold.map((curve) => curve.update());
    this.thin = this.repeated ? this.#members(apart) : [];
    const spread = this.spread.flatMap((curves) => curves.map((curve) => curve.update()));
    const measured = [...(this.repeated ? spread : under), ...bold, ...this.thin.map(({ ys }) => ys)];
    this.extent = lossExtent(measured, this.log);
    this.range = lossRange({ ...this.extent, zoomed: this.view.zoom !== null, log: this.log });
    this.thin = this.thin.map((line) => ({ ...line, ys: this.#placed(line.ys) }));
    bold.forEach((ys, index) => {
      const series = this.chart.series[1 + under.length + index];
      series.dash = unrest(ys, this.range) > MOST_UNREST ? [] : dashOf(this.inks[index]);
    });
    this.chart.setData([this.xs, ...[...under, ...bold].map((ys) => this.#placed(ys))]);
  }

  /** A curve where it has its place on the axis. */
  #placed(ys) {
    return this.log && (this.extent.under || this.repeated) ? floored(ys, this.range[0]) : ys;
  }

  #height(y) {
    return this.log ? Math.max(y, this.range[0]) : y;
  }

  /** What is thinned is kept as long as it holds: a mean changes at old points too, a loss does not. */
  #regrid() {
    const [from, to] = this.view.window();
    const grid = gridOf(from, to, Math.max(1, this.chart.width - AXIS - gutter()));
    const key = [this.view.smooth, this.repeated && this.view.band, ...this.smoothed.map(({ pool }) => pool?.version)].join();
    const same = sameGrid(grid, this.grid);
    if (same && key === this.key) return;
    if (!same || this.view.smooth !== this.memberSmooth) {
      this.members = new Map();
      this.memberSmooth = this.view.smooth;
    }
    this.grid = grid;
    this.key = key;
    this.xs = slotIterations(grid);
    const of = (iterations, column) => new Thinned(grid, iterations, column);
    this.bold = this.smoothed.map((line) => new Thinned(grid, line.iterations, line.values, BOLD_PIXELS));
    this.spread = this.smoothed.map(({ pool }) => (pool ? [of(pool.iterations, pool.low), of(pool.iterations, pool.high)] : []));
    this.under = this.smoothed.map(({ pool }, index) => {
      if (!pool) return [of(this.state.variants[index].iterations, this.state.variants[index].losses)];
      const { low, high } = edgesOf(pool, this.view.band);
      return [of(pool.iterations, low), of(pool.iterations, high)];
    });
  }

  /** The repeats' own lines: all of them, or those in training. */
  #members(all) {
    return this.state.variants.flatMap(({ members }, index) =>
      members.flatMap((member, k) => {
        if (member.losses.length === 0 || !(all || member.status === 'running')) return [];
        const line = this.smoothed[index].lines[k];
        if (!this.members.has(line)) this.members.set(line, new Thinned(this.grid, line.iterations, line.values));
        return [{ ink: this.inks[index], xs: this.xs, ys: this.members.get(line).update(), growing: member.status === 'running' }];
      }),
    );
  }

  #annotate(chart) {
    if (!this.bold) return;
    const { variants } = this.state;
    drawThin(chart, this.thin);
    this.painted = (this.repeated ? this.bold : this.under.flat()).map((curve) => curve.drawn);
    const ends = variants.flatMap((variant, index) => {
      const end = this.#end(this.smoothed[index]);
      return end && variant.divergedAt === null ? [{ ...end, ink: this.inks[index], label: variantLabel(variant) }] : [];
    });
    nameLines(chart, ends, canvasFont(600));
    variants.forEach((variant, index) => {
      // One label tells of all repeats that diverged; each has its cross.
      let label = divergedText(variant);
      variant.members.forEach(({ divergedAt }, k) => {
        if (divergedAt === null) return;
        markDivergence(chart, { x: divergedAt, y: this.#end(this.smoothed[index].lines[k])?.y ?? null, ink: this.inks[index], label }, canvasFont(600));
        label = '';
      });
    });
    nameAxis(chart, CHART.iteration, canvasFont(400));
  }

  /** The last point of a smoothed line that is in view. */
  #end({ iterations, values }) {
    const [from, to] = this.view.window();
    let last = lastAtOrBelow(iterations, to);
    last = Math.min(last, values.length - 1);
    while (last >= 0 && Number.isNaN(values.at(last))) last--;
    return last < 0 || iterations.at(last) < from ? null : { x: iterations.at(last), y: this.#height(values.at(last)) };
  }

  /** The numbers at iteration `at`, and dots there when the cursor is in the chart. */
  read(at, place, pointed) {
    const { variants } = this.state;
    const spots = variants.map((variant, index) => {
      const found = lastAtOrBelow(this.smoothed[index].iterations, at);
      return found < 0 || at > variant.iterations.last ? null : found;
    });
    const values = spots.map((spot, index) => (spot === null ? NaN : this.smoothed[index].values.at(spot)));
    const notes = spots.map((spot, index) => {
      const { pool } = this.smoothed[index];
      if (spot === null) return '';
      if (pool) return spreadText(this.view.band, pool.of(spot), loss);
      return this.view.smooth === 0 ? '' : CHART.raw(loss(rawAt(variants[index], at)));
    });
    const counts = this.repeated ? countText(spots.map((spot, index) => (spot === null ? 0 : this.smoothed[index].pool.n.at(spot)))) : '';
    this.readout.set(place + counts, values.map(loss), differences(values), notes);
    this.dots.set(pointed ? spots.map((spot, index) => (spot === null ? null : { x: this.smoothed[index].iterations.at(spot), y: this.#height(values[index]) })) : []);
  }

  /** The loss at a variant's line's end: what its lane shows. */
  latest(index) {
    const line = this.smoothed[index].update();
    for (let k = line.length - 1; k >= 0; k--) if (!Number.isNaN(line.at(k))) return line.at(k);
    return NaN;
  }
}

const rawAt = ({ iterations, losses }, at) => losses.at(lastAtOrBelow(iterations, at));

const differences = (values) =>
  values.map((value) => (Number.isFinite(value) && Number.isFinite(values[0]) ? signed(apart(value - values[0])) : NONE));

const apart = (difference) => (Math.abs(difference) < 1000 ? difference.toFixed(3) : loss(difference));
