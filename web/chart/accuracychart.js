/**
 * Test accuracy at the end of every epoch, as in the seed, on the loss chart's time base. With repeats: the mean, a
 * band around it, and each repeat's own line where the cursor is in the charts.
 */
import { byId } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { bandOf } from '../run/stats.js';
import { NONE, integer, percent, points, signed } from '../text/numbers.js';
import { CHART, countText, spreadText, variantLabel } from '../text/text.js';
import { bandBetween, drawThin, edgeSeries, meanSeries } from './band.js';
import { Dots } from './cursor.js';
import { nameAxis, nameLines } from './drawing.js';
import { canvasFont, newPlot, sizeOf } from './plot.js';
import { Readout } from './readout.js';
import { accuracyRange, epochTicks } from './scales.js';
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
    this.chart?.destroy();
    this.state = state;
    this.inks = inks;
    this.range = [0.8, 1];
    this.perEpoch = null;
    this.repeated = state.repeats > 1;
    this.readout.show(state.variants, inks);
    const dotted = (ink) => meanSeries(ink, { width: 2, points: { size: 7, width: 2, stroke: () => colour(ink), fill: () => colour(ink) } });
    const series = [...(this.repeated ? inks.flatMap(edgeSeries) : []), ...inks.map(dotted)];
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...series.map(() => [])],
        series,
        bands: this.repeated ? inks.map((ink, index) => bandBetween(2 * index + 1, ink)) : [],
        x: {
          range: () => this.view.window(),
          ticks: (from, to, pixels) => epochTicks(from, to, this.state.perEpoch, pixels),
          format: (iteration) => integer(Math.round(iteration / this.state.perEpoch)),
        },
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
    this.#prepare();
    const { variants } = this.state;
    let low = Infinity;
    variants.forEach(({ epochs }, index) => {
      // Of repeats the mean of an old epoch changes as well.
      for (let k = this.repeated ? 0 : this.taken[index]; k < epochs.epoch.length; k++) {
        const accuracy = epochs.testAccuracy.at(k);
        this.ys[index][epochs.epoch.at(k)] = Number.isNaN(accuracy) ? null : accuracy;
      }
      this.taken[index] = epochs.epoch.length;
      for (const y of this.ys[index]) if (y != null && y < low) low = y;
    });
    const edges = this.repeated ? variants.flatMap(({ pools }) => this.#edges(pools.epochs.testAccuracy)) : [];
    this.thin = this.repeated ? variants.flatMap(({ members }, index) => this.#members(members, index, apart)) : [];
    for (const { pools } of this.repeated ? variants : []) for (let k = 0; k < pools.epochs.testAccuracy.length; k++) low = Math.min(low, pools.epochs.testAccuracy.low.at(k) || low);
    this.twins = twins(this.state);
    tellTwins(byId('twin-note'), this.state);
    this.range = accuracyRange(Math.min(low, lowest(this.twins)));
    this.chart.setData([this.xs, ...edges, ...this.ys]);
  }

  #edges(pool) {
    const edges = [0, 1].map(() => new Array(this.xs.length).fill(undefined));
    for (let k = 0; k < pool.length; k++) {
      bandOf(this.view.band, pool.of(k)).forEach((edge, side) => (edges[side][k + 1] = Number.isNaN(edge) ? null : edge));
    }
    return edges;
  }

  /** The repeats' own lines: all of them, or those in training. */
  #members(members, index, all) {
    const shown = members.filter(({ epochs, status }) => epochs.epoch.length > 0 && (all || status === 'running'));
    return shown.map(({ epochs, status }) => ({ ink: this.inks[index], ...this.#lineOf(epochs), growing: status === 'running' }));
  }

  #lineOf({ epoch, testAccuracy }) {
    const ys = new Array(this.xs.length).fill(undefined);
    for (let k = 0; k < epoch.length; k++) ys[epoch.at(k)] = Number.isNaN(testAccuracy.at(k)) ? null : testAccuracy.at(k);
    return { xs: this.xs, ys };
  }

  /** One slot for each epoch, epoch 0 being the start. */
  #prepare() {
    const { perEpoch, settings, variants } = this.state;
    if (this.perEpoch === perEpoch) return;
    this.perEpoch = perEpoch;
    this.xs = Array.from({ length: settings.epochs + 1 }, (_, epoch) => epoch * perEpoch);
    this.ys = variants.map(() => new Array(settings.epochs + 1).fill(undefined));
    this.taken = variants.map(() => 0);
  }

  #annotate(chart) {
    const { variants, perEpoch } = this.state;
    const [from, to] = this.view.window();
    const ends = variants.flatMap((variant, index) => {
      const { epoch, testAccuracy } = variant.epochs;
      let last = epoch.length - 1;
      while (last >= 0 && epoch.at(last) * perEpoch > to + 1e-6) last--;
      if (last < 0 || epoch.at(last) * perEpoch < from || Number.isNaN(testAccuracy.at(last))) return [];
      return [{ x: epoch.at(last) * perEpoch, y: testAccuracy.at(last), ink: this.inks[index], label: variantLabel(variant), line: { xs: this.xs, ys: this.ys[index] } }];
    });
    drawThin(chart, this.thin ?? []);
    ends.push(...drawTwins(chart, this.twins ?? [], this.inks, [from, to]));
    nameLines(chart, ends, canvasFont(600));
    nameAxis(chart, CHART.epoch, canvasFont(400));
  }

  /** The numbers at the end of epoch `epoch`. */
  read(epoch, place, pointed) {
    const { variants, perEpoch, settings } = this.state;
    const values = variants.map((_, index) => this.ys?.[index][epoch] ?? NaN);
    const text = values.map((value) => percent(value, settings.testExamples));
    const differences = values.map((value) =>
      Number.isNaN(value) || Number.isNaN(values[0]) ? NONE : CHART.points(signed(points(value - values[0], settings.testExamples))),
    );
    const pools = this.repeated ? variants.map((variant) => variant.pools.epochs.testAccuracy) : [];
    const known = pools.map((pool) => (epoch >= 1 && epoch <= pool.length ? pool.of(epoch - 1) : { n: 0 }));
    const notes = known.map((of) => spreadText(this.view.band, of, (value) => points(value, settings.testExamples), '%'));
    this.readout.set(place + (this.repeated ? countText(known.map(({ n }) => n)) : ''), text, differences, notes);
    this.dots.set(pointed ? values.map((y) => (Number.isNaN(y) ? null : { x: epoch * perEpoch, y })) : []);
  }
}
