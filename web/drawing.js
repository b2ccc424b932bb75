/** What is drawn on a chart's canvas besides uPlot's own lines: names at the lines' ends, marks of divergence. */
import { colour } from './palette.js';

const APART = 15;

/**
 * Writes each line's name where the line ends, to its right; on a chart without room there, above or below
 * the end of the line. Names that would touch are moved apart.
 * @param ends [{ x, y, ink, label }], x and y in the units of the axes
 */
export function nameLines(chart, ends, font) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const width = chart.width * ratio;
  ctx.save();
  ctx.font = font(ratio);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = colour('surface');
  const labels = ends.map(({ x, y, ink, label }) => ({
    ink,
    label,
    left: chart.valToPos(x, 'x', true),
    top: chart.valToPos(y, 'y', true),
    width: ctx.measureText(label).width,
  }));
  const beside = labels.every((label) => label.left + 10 * ratio + label.width <= width);
  labels.sort((a, b) => a.top - b.top);
  if (beside) moveApart(labels, APART * ratio, bbox.top + 6 * ratio, bbox.top + bbox.height - 6 * ratio);
  labels.forEach((label, index) => {
    let { left, top } = label;
    if (beside) left += 8 * ratio;
    else {
      left = Math.min(left, width - 2 * ratio) - label.width;
      left = Math.max(left, bbox.left + 4 * ratio);
      top += (index === 0 ? -14 : 14 + (index - 1) * APART) * ratio;
    }
    ctx.strokeText(label.label, left, top);
    ctx.fillStyle = colour(`${label.ink}-text`);
    ctx.fillText(label.label, left, top);
  });
  ctx.restore();
}

/** Pushes sorted labels down until none is nearer than `apart` to the next, then back up into the plot. */
function moveApart(labels, apart, top, bottom) {
  let least = top;
  for (const label of labels) {
    label.top = Math.max(label.top, least);
    least = label.top + apart;
  }
  let most = bottom;
  for (let k = labels.length - 1; k >= 0; k--) {
    labels[k].top = Math.min(labels[k].top, most);
    most = labels[k].top - apart;
  }
}

/** A cross and a line down to the axis where a loss stopped being a number. */
export function markDivergence(chart, { x, y, ink, label }, font) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const left = chart.valToPos(x, 'x', true);
  if (left < bbox.left - 1 || left > bbox.left + bbox.width + 1) return;
  const top = Math.max(bbox.top + 8 * ratio, y === null ? bbox.top : chart.valToPos(y, 'y', true));
  const arm = 4.5 * ratio;
  ctx.save();
  ctx.strokeStyle = colour(ink);
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 2.25 * ratio;
  ctx.beginPath();
  ctx.moveTo(left - arm, top - arm);
  ctx.lineTo(left + arm, top + arm);
  ctx.moveTo(left + arm, top - arm);
  ctx.lineTo(left - arm, top + arm);
  ctx.stroke();
  ctx.font = font(ratio);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = colour('surface');
  const width = ctx.measureText(label).width;
  const room = left + 10 * ratio + width < chart.width * ratio;
  const start = room ? left + 10 * ratio : left - 10 * ratio - width;
  ctx.strokeText(label, start, top);
  ctx.fillStyle = colour(`${ink}-text`);
  ctx.fillText(label, start, top);
  ctx.restore();
}

/** The unit of an axis, at the far end of the gutter, clear of the last number. */
export function nameAxis(chart, label, font) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const right = (chart.width - 12) * ratio;
  ctx.save();
  ctx.font = font(ratio);
  if (right - ctx.measureText(label).width > bbox.left + bbox.width + 30 * ratio) {
    ctx.textBaseline = 'top';
    ctx.textAlign = 'right';
    ctx.fillStyle = colour('quiet');
    ctx.fillText(label, right, bbox.top + bbox.height + 6 * ratio);
  }
  ctx.restore();
}
