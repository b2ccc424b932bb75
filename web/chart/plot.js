/** One uPlot with the look all charts share: axes, grid, cursor line, drag to zoom. */
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { colour } from '../page/palette.js';

export const AXIS = 52;

/** Room right of a plot that has no gutter: for half of the axis's last number. */
export const EDGE = 20;

/** Width of the gutter right of the plot, in which the lines' names stand; the style sheet knows it too. */
export function gutter() {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--gutter')) || EDGE;
}

export const canvasFont = (weight) => {
  const family = getComputedStyle(document.body).fontFamily;
  return (ratio) => `${weight} ${12 * ratio}px ${family}`;
};

const plots = new Map();

/** Draws every chart anew, in the colours of the moment and the size of its place. */
export function refit() {
  for (const [chart, host] of plots) {
    const size = sizeOf(host);
    if (size.width !== chart.width || size.height !== chart.height) chart.setSize(size);
    else chart.redraw(false);
  }
}

/**
 * @param host     the element that holds the chart and gives it its size
 * @param series   uPlot series after x
 * @param bands    uPlot bands between them
 * @param bare     no numbers on the horizontal axis
 * @param right    pixels right of the plot, or a function of them; default the gutter for the lines' names
 * @param x, y     { range(), ticks(min, max, pixels) or null, format(value, ticks), log, asinh, fractions }
 * @param handlers onCursor(x or null, chart), onZoom([from, to] or null), onDraw(chart)
 */
export function newPlot(host, { series, bands = [], x, y, data, right = gutter, bare = false }, handlers) {
  const font = canvasFont(400)(1);
  const axis = (more) => ({
    font,
    stroke: () => colour('quiet'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    ...more,
  });
  const side = ({ ticks, format }, length, more) =>
    axis({
      ...more,
      ...(ticks && { splits: (chart, index, min, max) => ticks(min, max, chart.bbox[length] / devicePixelRatio) }),
      filter: (chart, splits) => splits,
      values: (chart, splits) => splits.map((value) => format(value, splits)),
    });
  const { width, height } = sizeOf(host);
  return new uPlot(
    {
      width,
      height,
      padding: [8, right, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => () => (handlers.onZoom(null), null) },
      },
      scales: {
        x: { time: false, range: () => x.range() },
        y: { range: () => y.range(), ...(y.log && { distr: 3 }), ...(y.asinh && { distr: 4, asinh: y.asinh }) },
      },
      axes: [
        side(bare ? { ...x, format: () => '' } : x, 'width', { size: bare ? 6 : 28, gap: 6, space: 56, ...(!x.fractions && { incrs: WHOLE }) }),
        side(y, 'height', { size: AXIS, gap: 5, space: 36 }),
      ],
      series: [{}, ...series],
      bands,
      hooks: {
        setSelect: [(chart) => select(chart, handlers.onZoom)],
        draw: [handlers.onDraw],
        ready: [(chart) => follow(chart, handlers.onCursor), (chart) => plots.set(chart, host)],
        destroy: [(chart) => plots.delete(chart)],
      },
    },
    data,
    host,
  );
}

/** Steps of an axis that counts. */
const WHOLE = [1, 2, 5].flatMap((step) => [0, 1, 2, 3, 4, 5, 6, 7].map((power) => step * 10 ** power)).sort((a, b) => a - b);

export const sizeOf = (host) => ({ width: Math.max(200, host.clientWidth), height: Math.max(64, host.clientHeight) });

function select(chart, onZoom) {
  const { left, width } = chart.select;
  if (width < 4) return;
  onZoom([chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')]);
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Mouse or finger moves the cursor; under a finger the page still scrolls up and down. */
function follow(chart, onCursor) {
  const move = (event) => {
    const box = chart.over.getBoundingClientRect();
    onCursor(chart.posToVal(Math.min(box.width, Math.max(0, event.clientX - box.left)), 'x'), chart);
  };
  chart.over.addEventListener('pointerdown', move);
  chart.over.addEventListener('pointermove', move);
  chart.over.addEventListener('pointerleave', (event) => {
    if (event.pointerType === 'mouse') onCursor(null, chart);
  });
}
