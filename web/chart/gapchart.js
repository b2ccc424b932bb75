/**
 * One difference as a line around zero, with the names of those ahead on either side. Of repeats it is the mean, in
 * the band of its 95% interval; each pair's own line is drawn where the cursor is in the charts.
 */
import { colour } from '../page/palette.js';
import { signed, tick } from '../text/numbers.js';
import { bandBetween, drawThin, edgeSeries } from './band.js';
import { Dots } from './cursor.js';
import { nameSides } from './drawing.js';
import { EDGE, canvasFont, newPlot, sizeOf } from './plot.js';
import { differenceRange } from './scales.js';

export class GapChart {
  /**
   * @param least    the narrowest range of its axis
   * @param steps    draws dots at every point
   * @param handlers as those of newPlot
   */
  constructor(host, { least, dotted = false }, handlers) {
    Object.assign(this, { host, least, dotted, handlers });
    this.rows = [];
  }

  /**
   * @param names    { above, below }: { label, ink }
   * @param repeated is there more than one pair?
   */
  show({ x, names, repeated = false }) {
    this.chart?.destroy();
    this.repeated = repeated;
    this.x = x;
    this.names = names;
    this.range = differenceRange(0, 0, this.least);
    this.rows = [];
    this.thin = [];
    this.chart = newPlot(
      this.host,
      {
        data: repeated ? [[], [], [], []] : [[], []],
        right: EDGE,
        bands: repeated ? [bandBetween(1, 'ink')] : [],
        series: [
          ...(repeated ? edgeSeries() : []),
          {
            stroke: () => colour('ink'),
            width: 2,
            points: this.dotted ? { size: 6, width: 1, stroke: () => colour('ink'), fill: () => colour('ink') } : { show: false },
          },
        ],
        x: { range: () => this.x.window(), format: (value, ticks) => this.x.format(value, ticks), ticks: this.x.ticks, fractions: this.x.fractions },
        y: { range: () => this.range, format: (value, all) => signed(tick(value, all)) },
      },
      { ...this.handlers, onDraw: (chart) => this.#annotate(chart) },
    );
    this.dots = new Dots(this.chart, ['grey']);
  }

  resize() {
    const size = sizeOf(this.host);
    if (size.width !== this.chart.width || size.height !== this.chart.height) this.chart.setSize(size);
  }

  #annotate(chart) {
    drawThin(chart, this.thin);
    nameSides(chart, this.names, canvasFont(600));
  }

  /**
   * @param rows  of difference.js, with their x, which rises
   * @param apart are the pairs' own lines to be seen?
   */
  draw(rows, apart = false) {
    this.rows = rows;
    const xs = rows.map(({ x }) => x);
    const gaps = rows.map(({ gap }) => gap);
    const pairs = this.repeated ? (rows[0]?.gaps ?? []).map((_, r) => rows.map((row) => (Number.isNaN(row.gaps[r]) ? null : row.gaps[r]))) : [];
    this.thin = apart ? pairs.map((ys) => ({ ink: 'ink', xs, ys })) : [];
    // An interval of two is so wide that it would flatten the rest.
    const ends = rows.flatMap(({ gap, margin, n, gaps: of }) => [...(this.repeated ? of.filter((one) => !Number.isNaN(one)) : [gap]), ...(n > 2 ? [gap - margin, gap + margin] : [])]);
    const [low, high] = ends.reduce(([least, most], end) => [Math.min(least, end), Math.max(most, end)], [0, 0]);
    this.range = differenceRange(low, high, this.least);
    const edge = (sign) => rows.map(({ gap, margin, n }) => (n < 2 ? null : gap + sign * margin));
    this.chart.setData(this.repeated ? [xs, edge(-1), edge(1), gaps] : [xs, gaps]);
  }

  /** The row at or before a place of the axis, or the last; and a dot there. */
  at(place) {
    const row = place === null ? this.rows.at(-1) : this.rows.findLast(({ x }) => x <= place * (1 + 1e-9));
    this.dots.set([place === null || !row ? null : { x: row.x, y: row.gap }]);
    return row ?? null;
  }
}
