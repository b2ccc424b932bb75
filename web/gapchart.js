/** One difference as a line around zero, with the names of those ahead on either side. */
import { Dots } from './cursor.js';
import { nameSides } from './drawing.js';
import { signed } from './numbers.js';
import { colour } from './palette.js';
import { canvasFont, newPlot, sizeOf } from './plot.js';
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

  /** @param names { above, below }: [{ label, ink }] */
  show({ x, names, decimals }) {
    this.chart?.destroy();
    this.x = x;
    this.names = names;
    this.range = differenceRange(0, 0, this.least);
    this.rows = [];
    this.chart = newPlot(
      this.host,
      {
        data: [[], []],
        right: 16,
        series: [
          {
            stroke: () => colour('ink'),
            width: 2,
            points: this.dotted ? { size: 6, width: 1, stroke: () => colour('ink'), fill: () => colour('ink') } : { show: false },
          },
        ],
        x: { range: () => this.x.window(), format: (value, ticks) => this.x.format(value, ticks), ticks: this.x.ticks, fractions: this.x.fractions },
        y: { range: () => this.range, format: (value) => signed(decimals(value)) },
      },
      { ...this.handlers, onDraw: (chart) => nameSides(chart, this.names, canvasFont(600)) },
    );
    this.dots = new Dots(this.chart, ['grey']);
  }

  resize() {
    const size = sizeOf(this.host);
    if (size.width !== this.chart.width || size.height !== this.chart.height) this.chart.setSize(size);
  }

  /** @param rows [{ x, gap, iteration }], x rising */
  draw(rows) {
    this.rows = rows;
    const gaps = rows.map(({ gap }) => gap);
    this.range = differenceRange(Math.min(0, ...gaps), Math.max(0, ...gaps), this.least);
    this.chart.setData([rows.map(({ x }) => x), gaps]);
  }

  /** The row at or before an iteration, and a dot there. */
  at(iteration) {
    const row = iteration === null ? this.rows.at(-1) : this.rows.findLast((candidate) => candidate.iteration <= iteration);
    this.dots.set([iteration === null || !row ? null : { x: row.x, y: row.gap }]);
    return row ?? null;
  }

  /** The iteration at a place of the horizontal axis. */
  iterationAt(x) {
    return (this.rows.findLast((row) => row.x <= x) ?? this.rows[0])?.iteration ?? null;
  }
}
