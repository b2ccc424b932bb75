/** What charts draw of repeats besides their mean: a band around it, and each repeat's own line. */
import { colour, dashOf } from '../page/palette.js';

const EDGE = { width: 0, points: { show: false } };

/** Two series without a line of their own: a band's lower and its upper edge. */
export const edgeSeries = () => [{ ...EDGE }, { ...EDGE }];

/** The band between the series `low` and the one after it, counted from 1 as uPlot does. */
export const bandBetween = (low, ink) => ({ series: [low + 1, low], fill: () => colour(`${ink}-band`) });

/** The mean as it is drawn. */
export const meanSeries = (ink, more = {}) => ({ stroke: () => colour(ink), width: 2.25, dash: dashOf(ink), points: { show: false }, ...more });

/**
 * Thin lines over the chart, in the plot alone.
 * @param lines [{ ink, xs, ys, growing }]; null in ys is a gap, undefined is passed over; one that is growing has
 *     a dot at its end
 */
export function drawThin(chart, lines) {
  if (lines.length === 0) return;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.globalAlpha = 0.6;
  for (const { ink, xs, ys, growing } of lines) {
    ctx.strokeStyle = colour(ink);
    ctx.beginPath();
    trace(chart, xs, ys);
    ctx.stroke();
    if (growing) head(chart, xs, ys, ink);
  }
  ctx.restore();
}

function trace(chart, xs, ys) {
  const left = chart.valToPos(0, 'x', true);
  const pixels = chart.valToPos(1, 'x', true) - left;
  let pen = false;
  for (let k = 0; k < ys.length; k++) {
    const y = ys[k];
    if (y === null) pen = false;
    if (y == null) continue;
    const at = chart.valToPos(y, 'y', true);
    if (pen) chart.ctx.lineTo(left + xs[k] * pixels, at);
    else chart.ctx.moveTo(left + xs[k] * pixels, at);
    pen = true;
  }
}

function head(chart, xs, ys, ink) {
  const last = ys.findLastIndex((y) => y != null);
  if (last < 0) return;
  const { ctx } = chart;
  ctx.save();
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour(ink);
  ctx.beginPath();
  ctx.arc(chart.valToPos(xs[last], 'x', true), chart.valToPos(ys[last], 'y', true), 3 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}
