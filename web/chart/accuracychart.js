/**
 * Test accuracy at the end of every epoch, as in the seed, on the loss chart's time base. With repeats: the mean, a
 * band around it, and each repeat's own line where the cursor is in the charts.
 */
import { byId } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { bandOf } from '../run/stats.js';
import { NONE, percent, points, signed } from '../text/numbers.js';
import { CHART, countText, spreadText, variantLabel } from '../text/text.js';
import { bandBetween, drawThin, edgeSeries, meanSeries } from './band.js';
import { Dots } from './cursor.js';
import { nameAxis, nameLines } from './drawing.js';
import { canvasFont, newPlot, sizeOf } from './plot.js';
import { epochAxis, epochName } from './places.js';
import { Readout } from './readout.js';
import { accuracyRange } from './scales.js';
import { drawTwins, lowest, tellTwins, twins } from './trainmode.js';

export class AccuracyChart {
  constructor(host, readoutHost, view, handlers) {
    this.host = host;
    this.view = view;
    this.handlers = handlers;
    this.readout = new Readout(readoutHost);
    this.chart = null;
  }

  show(state, inks) {
    this.state = state;
    this.inks = inks;
    this.range = [0.8, 1];
    this.repeated = state.repeats > 1;
    this.readout.show(state.variants, inks);
    this.#build();
  }

  #build() {
    this.chart?.destroy();
    const { inks } = this;
    this.key = keyOf(this.view.axis);
    const dotted = (ink) => meanSeries(ink, { width: 2, points: { size: 7, width: 2, stroke: () => colour(ink), fill: () => colour(ink) } });
    const series = [...(this.repeated ? inks.flatMap(edgeSeries) : []), ...inks.map(dotted)];
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...series.map(() => [])],
        series,
        bands: this.repeated ? inks.map((ink, index) => bandBetween(2 * index + 1, ink)) : [],
        x: epochAxis(this.view),
        y: { range: () => this.range, format: (ratio) => `${Number((ratio * 100).toFixed(2))}%` },
      },
      { ...this.handlers, onDraw: (chart) => this.#annotate(chart) },
    );
    this.dots = new Dots(this.chart, inks);
  }

  resize() {
    const size = sizeOf(this.host);
    if (size.width !== this.chart.width || size.height !== this.chart.height) this.chart.setSize(size);
  }

  /** @param apart are the repeats' own lines to be seen? */
  draw(apart = false) {
    if (this.key !== keyOf(this.view.axis)) this.#build();
    const { variants } = this.state;
    this.#prepare();
    this.ys = variants.map((variant, index) => this.#slotted(index, variant.epochs.testAccuracy.length, (k) => variant.epochs.testAccuracy.at(k)));
    const edges = this.repeated ? variants.flatMap(({ pools }, index) => this.#edges(index, pools.epochs.testAccuracy)) : [];
    this.thin = this.repeated ? variants.flatMap(({ members }, index) => this.#members(members, index, apart)) : [];
    let low = Infinity;
    for (const ys of this.ys) for (const y of ys) if (y != null && y < low) low = y;
    for (const { pools } of this.repeated ? variants : []) for (let k = 0; k < pools.epochs.testAccuracy.length; k++) low = Math.min(low, pools.epochs.testAccuracy.low.at(k) || low);
    this.twins = twins(this.state, this.view.axis);
    tellTwins(byId('twin-note'), this.state);
    this.range = accuracyRange(Math.min(low, lowest(this.twins)));
    this.chart.setData([this.xs, ...edges, ...this.ys]);
  }

  /** What a variant has of every epoch, in its slots; undefined in those of others. */
  #slotted(index, count, of) {
    const ys = new Array(this.xs.length).fill(undefined);
    for (let k = 0; k < count; k++) {
      const y = of(k);
      ys[this.slots[index][k + 1]] = Number.isNaN(y) ? null : y;
    }
    return ys;
  }

  #edges(index, pool) {
    const bands = Array.from({ length: pool.length }, (_, k) => bandOf(this.view.band, pool.of(k)));
    return [0, 1].map((side) => this.#slotted(index, pool.length, (k) => bands[k][side]));
  }

  /** The repeats' own lines: all of them, or those in training. */
  #members(members, index, all) {
    const shown = members.filter(({ epochs, status }) => epochs.epoch.length > 0 && (all || status === 'running'));
    return shown.map((member) => ({ ink: this.inks[index], ...this.#lineOf(member, index), growing: member.status === 'running' }));
  }

  #lineOf(member, index) {
    const { epoch, testAccuracy } = member.epochs;
    const xs = [];
    const ys = [];
    for (let k = 0; k < epoch.length; k++) {
      xs.push(this.view.axis.epochEnd(this.state.variants[index], epoch.at(k), member));
      ys.push(Number.isNaN(testAccuracy.at(k)) ? null : testAccuracy.at(k));
    }
    return { xs, ys };
  }

  /** A slot for each end of an epoch, the start among them; variants whose epochs end alike have theirs together. */
  #prepare() {
    const { settings, variants } = this.state;
    const { axis } = this.view;
    const ends = (variant, count) => Array.from({ length: count + 1 }, (_, epoch) => axis.epochEnd(variant, epoch));
    if (axis.sharesEpochs) {
      this.xs = ends(variants[0], settings.epochs);
      this.slots = variants.map(() => this.xs.map((_, slot) => slot));
      return;
    }
    const places = variants.map((variant) => ends(variant, axis.base === 'seconds' ? variant.epochs.epoch.length : settings.epochs));
    this.xs = [...new Set(places.flat())].sort((a, b) => a - b);
    const slotOf = new Map(this.xs.map((x, slot) => [x, slot]));
    this.slots = places.map((of) => of.map((x) => slotOf.get(x)));
  }

  #annotate(chart) {
    if (!this.ys) return;
    const { variants } = this.state;
    const { axis } = this.view;
    const [from, to] = this.view.window();
    const ends = variants.flatMap((variant, index) => {
      const { epoch, testAccuracy } = variant.epochs;
      const at = (k) => this.xs[this.slots[index][epoch.at(k)]];
      let last = epoch.length - 1;
      while (last >= 0 && at(last) > to * (1 + 1e-9)) last--;
      if (last < 0 || at(last) < from || Number.isNaN(testAccuracy.at(last))) return [];
      return [{ x: at(last), y: testAccuracy.at(last), ink: this.inks[index], label: variantLabel(variant), line: { xs: this.xs, ys: this.ys[index] } }];
    });
    drawThin(chart, this.thin ?? []);
    ends.push(...drawTwins(chart, this.twins ?? [], this.inks, [from, to]));
    nameLines(chart, ends, canvasFont(600));
    nameAxis(chart, epochName(axis), canvasFont(400));
  }

  /** The numbers of each variant at the end of its epoch `epochs[index]`. */
  read(epochs, place, pointed) {
    const { variants, settings } = this.state;
    const slot = (index) => this.slots?.[index][epochs[index]];
    const values = variants.map((_, index) => this.ys?.[index][slot(index)] ?? NaN);
    const text = values.map((value) => percent(value, settings.testExamples));
    const comparable = this.view.axis.comparable || epochs.every((epoch) => epoch === epochs[0]);
    const differences = values.map((value) =>
      Number.isNaN(value) || Number.isNaN(values[0]) || !comparable ? NONE : CHART.points(signed(points(value - values[0], settings.testExamples))),
    );
    const pools = this.repeated ? variants.map((variant) => variant.pools.epochs.testAccuracy) : [];
    const known = pools.map((pool, index) => (epochs[index] >= 1 && epochs[index] <= pool.length ? pool.of(epochs[index] - 1) : { n: 0 }));
    const notes = known.map((of) => spreadText(this.view.band, of, (value) => points(value, settings.testExamples), '%'));
    this.readout.set(place + (this.repeated ? countText(known.map(({ n }) => n)) : ''), text, differences, notes);
    this.dots.set(pointed ? values.map((y, index) => (Number.isNaN(y) ? null : { x: this.xs[slot(index)], y })) : []);
  }
}

/** What its axis is made for. */
const keyOf = (axis) => (axis.base === 'seconds' ? axis.base : `${axis.base} ${axis.epochEnd(axis.reference, 1)}`);
