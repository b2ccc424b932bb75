/** Lines of several runs on one axis of epochs. */
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { colour } from '../page/palette.js';
import { integer } from '../text/numbers.js';
import { CHART } from '../text/text.js';
import { nameAxis, nameLines } from './drawing.js';
import { canvasFont, newPlot, sizeOf } from './plot.js';

const AROUND = { none: [7, 4], batch: [] };
const BY_PLACE = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [6, 2, 2, 2, 2, 2]];

/** Within a run the colour is one. Where BatchNorm is compared: solid with it, dashed without. */
export const dashWithin = ({ ofBatchNorm, normalization }, index) => (ofBatchNorm ? AROUND[normalization] : BY_PLACE[index % BY_PLACE.length]);

export class OverlayChart {
  constructor(host) {
    this.host = host;
    new ResizeObserver(() => this.chart?.setSize(sizeOf(host))).observe(host);
  }

  /**
   * @param lines  [{ ink, dash, label, xs, ys }]
   * @param y      { range: [from, to], format, log, ticks }
   * @param epochs the length of the axis
   */
  show(lines, y, epochs) {
    this.chart?.destroy();
    const shown = lines.filter(({ xs }) => xs.length > 0);
    const data = shown.length > 0 ? uPlot.join(shown.map(({ xs, ys }) => [xs, ys])) : [[], []];
    const series = shown.length > 0 ? shown : [{ ink: 'blue', dash: [] }];
    this.chart = newPlot(
      this.host,
      {
        data,
        series: series.map(({ ink, dash, dotted }) => ({ stroke: () => colour(ink), width: 2, dash, points: { show: Boolean(dotted), size: 6, stroke: () => colour(ink), fill: () => colour(ink) } })),
        x: { range: () => [0, epochs], format: integer },
        y: { ...y, range: () => y.range },
      },
      { onCursor: () => {}, onZoom: () => {}, onDraw: (chart) => this.#annotate(chart, shown) },
    );
  }

  #annotate(chart, lines) {
    const ends = lines.flatMap(({ xs, ys, ink, label }) => {
      const last = ys.findLastIndex((value) => value !== null);
      return last < 0 ? [] : [{ x: xs[last], y: ys[last], ink, label, line: { xs, ys } }];
    });
    nameLines(chart, ends, canvasFont(600));
    nameAxis(chart, CHART.base.epoch, canvasFont(400));
  }
}
