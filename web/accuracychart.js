/** Test accuracy at the end of every epoch, as in the seed, on the loss chart's time base. */
import { Dots } from './cursor.js';
import { nameAxis, nameLines } from './drawing.js';
import { NONE, integer, percent, points, signed } from './numbers.js';
import { colour, dashOf } from './palette.js';
import { canvasFont, newPlot, sizeOf } from './plot.js';
import { Readout } from './readout.js';
import { accuracyRange, epochTicks } from './scales.js';
import { variantLabel } from './text.js';
import { drawTwins, lowest, twins } from './trainmode.js';

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
    this.readout.show(state.variants, inks);
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...inks.map(() => [])],
        series: inks.map((ink) => ({
          stroke: () => colour(ink),
          width: 2,
          dash: dashOf(ink),
          points: { size: 7, width: 2, stroke: () => colour(ink), fill: () => colour(ink) },
        })),
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

  draw() {
    this.#prepare();
    let low = Infinity;
    this.state.variants.forEach(({ epochs }, index) => {
      for (let k = this.taken[index]; k < epochs.epoch.length; k++) {
        const accuracy = epochs.testAccuracy.at(k);
        this.ys[index][epochs.epoch.at(k)] = Number.isNaN(accuracy) ? null : accuracy;
      }
      this.taken[index] = epochs.epoch.length;
      for (const y of this.ys[index]) if (y != null && y < low) low = y;
    });
    this.twins = twins(this.state);
    this.range = accuracyRange(Math.min(low, lowest(this.twins)));
    this.chart.setData([this.xs, ...this.ys]);
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
      return [{ x: epoch.at(last) * perEpoch, y: testAccuracy.at(last), ink: this.inks[index], label: variantLabel(variant) }];
    });
    ends.push(...drawTwins(chart, this.twins ?? [], this.inks, [from, to]));
    nameLines(chart, ends, canvasFont(600));
    nameAxis(chart, 'epoch', canvasFont(400));
  }

  /** The numbers at the end of epoch `epoch`. */
  read(epoch, place, pointed) {
    const { variants, perEpoch, settings } = this.state;
    const values = variants.map((_, index) => this.ys?.[index][epoch] ?? NaN);
    const text = values.map((value) => percent(value, settings.testExamples));
    const differences = values.map((value) =>
      Number.isNaN(value) || Number.isNaN(values[0]) ? NONE : `${signed(points(value - values[0], settings.testExamples))} points`,
    );
    this.readout.set(place, text, differences);
    this.dots.set(pointed ? values.map((y) => (Number.isNaN(y) ? null : { x: epoch * perEpoch, y })) : []);
  }
}
