/**
 * Training loss of every iteration: raw thin and pale, smoothed bold on top. With repeats the bold line is the mean
 * of the repeats' smoothed losses, in place of the raw one stands a band around it, and each repeat's own line is
 * drawn thin while it is trained and where the cursor is in the charts.
 */
import { colour, dashOf } from '../page/palette.js';
import { lastAtOrBelow } from '../run/columns.js';
import { edgesOf } from '../run/pool.js';
import { SmoothedVariant } from '../run/smoothing.js';
import { loss, signed, NONE } from '../text/numbers.js';
import { CHART, countText, divergedText, spreadText, variantLabel } from '../text/text.js';
import { bandBetween, drawThin, edgeSeries, meanSeries } from './band.js';
import { Dots } from './cursor.js';
import { markDivergence, nameAxis, nameLines } from './drawing.js';
import { nameOf, xAxis } from './places.js';
import { AXIS, canvasFont, gutter, newPlot, sizeOf } from './plot.js';
import { Readout } from './readout.js';
import { floored, logTicks, lossExtent, lossRange, lossTick } from './scales.js';
import { Thinned, gridOf, gridOver, sameGrid, slotPlaces, unrest } from './thinning.js';

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
    this.base = view.axis.base;
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
        x: xAxis(view),
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
    if (this.log !== this.view.log || this.base !== this.view.axis.base) this.#build();
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
    const { axis } = this.view;
    const pixels = Math.max(1, this.chart.width - AXIS - gutter());
    const grid = axis.base === 'iteration' ? gridOf(from, to, pixels) : gridOver(from, to, pixels);
    const key = [axis.version, this.view.smooth, this.repeated && this.view.band, ...this.smoothed.map(({ pool }) => pool?.version)].join();
    const same = sameGrid(grid, this.grid);
    if (same && key === this.key) return;
    const memberKey = `${axis.version} ${this.view.smooth}`;
    if (!same || memberKey !== this.memberKey) {
      this.members = new Map();
      this.memberKey = memberKey;
    }
    this.grid = grid;
    this.key = key;
    this.xs = slotPlaces(grid);
    const of = (index, iterations, column, coarse) => new Thinned(grid, iterations, column, coarse, this.#placing(index));
    this.bold = this.smoothed.map((line, index) => of(index, line.iterations, line.values, this.#isDense(index, pixels) ? BOLD_PIXELS : 1));
    this.spread = this.smoothed.map(({ pool }, index) => (pool ? [of(index, pool.iterations, pool.low), of(index, pool.iterations, pool.high)] : []));
    this.under = this.smoothed.map(({ pool }, index) => {
      if (!pool) return [of(index, this.state.variants[index].iterations, this.state.variants[index].losses)];
      const { low, high } = edgesOf(pool, this.view.band);
      return [of(index, pool.iterations, low), of(index, pool.iterations, high)];
    });
  }

  /** Where iterations of a variant, or of one of its members, lie; null on an axis of iterations. */
  #placing(index, member = null) {
    const { axis } = this.view;
    const variant = this.state.variants[index];
    return axis.base === 'iteration' ? null : (iteration) => axis.at(variant, iteration, member);
  }

  /** Has a variant more iterations in view than can be drawn each? */
  #isDense(index, pixels) {
    const [first, last] = this.view.axis.stretchOf(this.state.variants[index], this.view.window());
    return last - first + 1 > 2 * pixels;
  }

  /** The repeats' own lines: all of them, or those in training. */
  #members(all) {
    return this.state.variants.flatMap(({ members }, index) =>
      members.flatMap((member, k) => {
        if (member.losses.length === 0 || !(all || member.status === 'running')) return [];
        const line = this.smoothed[index].lines[k];
        if (!this.members.has(line)) this.members.set(line, new Thinned(this.grid, line.iterations, line.values, 1, this.#placing(index, member)));
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
      const end = this.#end(this.smoothed[index], variant);
      return end && variant.divergedAt === null ? [{ ...end, ink: this.inks[index], label: variantLabel(variant) }] : [];
    });
    nameLines(chart, ends, canvasFont(600));
    variants.forEach((variant, index) => {
      // One label tells of all repeats that diverged; each has its cross.
      let label = divergedText(variant);
      variant.members.forEach(({ divergedAt }, k) => {
        if (divergedAt === null) return;
        const member = variant.members[k];
        markDivergence(chart, { x: this.view.axis.at(variant, divergedAt, member), y: this.#end(this.smoothed[index].lines[k], variant, member)?.y ?? null, ink: this.inks[index], label }, canvasFont(600));
        label = '';
      });
    });
    nameAxis(chart, nameOf(this.view.axis.base), canvasFont(400));
  }

  /** The last point of a smoothed line that is in view. */
  #end({ iterations, values }, variant, member = null) {
    const { axis } = this.view;
    const [from, to] = this.view.window();
    let last = Math.min(lastAtOrBelow(iterations, axis.iterationAt(variant, to, member) + 1e-6), values.length - 1);
    while (last >= 0 && Number.isNaN(values.at(last))) last--;
    const x = last < 0 ? -1 : axis.at(variant, iterations.at(last), member);
    return last < 0 || x < from ? null : { x, y: this.#height(values.at(last)) };
  }

  /** The numbers at a place of the axis, and dots there when the cursor is in the chart. */
  read(x, place, pointed) {
    const { variants } = this.state;
    const { axis } = this.view;
    const ats = variants.map((variant) => axis.iterationAt(variant, x) + 1e-6);
    const spots = variants.map((variant, index) => {
      const found = lastAtOrBelow(this.smoothed[index].iterations, ats[index]);
      return found < 0 || Math.floor(ats[index]) > variant.iterations.last ? null : found;
    });
    const values = spots.map((spot, index) => (spot === null ? NaN : this.smoothed[index].values.at(spot)));
    const notes = spots.map((spot, index) => {
      const { pool } = this.smoothed[index];
      if (spot === null) return '';
      if (pool) return spreadText(this.view.band, pool.of(spot), loss);
      return this.view.smooth === 0 ? '' : CHART.raw(loss(rawAt(variants[index], ats[index])));
    });
    const counts = this.repeated ? countText(spots.map((spot, index) => (spot === null ? 0 : this.smoothed[index].pool.n.at(spot)))) : '';
    this.readout.set(place + counts, values.map(loss), axis.comparable ? differences(values) : values.map(() => NONE), notes);
    this.dots.set(pointed ? spots.map((spot, index) => (spot === null ? null : { x: axis.at(variants[index], this.smoothed[index].iterations.at(spot)), y: this.#height(values[index]) })) : []);
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
