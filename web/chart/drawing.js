/** What is drawn on a chart's canvas besides uPlot's own lines: names at the lines' ends, marks of divergence. */
import { colour } from '../page/palette.js';

const APART = 15;
const SHORT = 72;

/**
 * Writes each line's name where the line ends: to its right, cut if the gutter is too narrow for it; or, on a
 * chart without a gutter, above or below the end of the line. Names that would touch are moved apart.
 * @param ends [{ x, y, ink, label, line }], x and y in the units of the axes; `line` is { xs, ys } and may be left out:
 *     the name then keeps clear of the line's end alone
 */
export function nameLines(chart, ends, font) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const width = chart.width * ratio;
  const roomy = width - bbox.left - bbox.width > 60 * ratio;
  ctx.save();
  prepare(ctx, font, ratio);
  const labels = ends.map(({ x, y, ink, label, line }) => {
    const left = chart.valToPos(x, 'x', true) + 8 * ratio;
    const text = roomy ? cut(ctx, label, width - left - 2 * ratio) : label;
    return { ink, text, line, left, top: chart.valToPos(y, 'y', true), width: ctx.measureText(text).width };
  });
  // Without a gutter there is room for two names, or for short ones: the others stand in the row of numbers above.
  if (!roomy && labels.length > 2 && labels.some((label) => label.width > SHORT * ratio)) {
    ctx.restore();
    return;
  }
  labels.sort((a, b) => a.top - b.top);
  if (labels.some((label) => label.left + label.width > width)) {
    labels.forEach((label, index) => {
      label.left = Math.max(bbox.left + 4 * ratio, Math.min(label.left, width) - 8 * ratio - label.width);
      const [highest, lowest] = extent(chart, label);
      label.top = index === 0 ? highest - 14 * ratio : lowest + 14 * ratio;
    });
  }
  moveApart(labels, APART * ratio, bbox.top + 6 * ratio, bbox.top + bbox.height - 6 * ratio);
  for (const { ink, text, left, top } of labels) write(ctx, text, left, top, ink);
  ctx.restore();
}

/** How high and how low on the canvas a label's line runs above and below its text. */
function extent(chart, { left, width, top, line }) {
  let [highest, lowest] = [top, top];
  let before = null;
  for (let k = 0; k < (line?.xs.length ?? 0); k++) {
    if (line.ys[k] == null) continue;
    const x = chart.valToPos(line.xs[k], 'x', true);
    const y = chart.valToPos(line.ys[k], 'y', true);
    if (x > left + width) break;
    // The piece that comes in from the left counts too.
    for (const at of x < left ? [] : [before ?? y, y]) [highest, lowest] = [Math.min(highest, at), Math.max(lowest, at)];
    before = y;
  }
  return [highest, lowest];
}

/** Text with a rim in the colour of the ground, so that it can be read over lines. */
function prepare(ctx, font, ratio) {
  ctx.font = font(ratio);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = colour('surface');
}

function write(ctx, text, left, top, ink) {
  ctx.strokeText(text, left, top);
  ctx.fillStyle = colour(`${ink}-text`);
  ctx.fillText(text, left, top);
}

function cut(ctx, text, room) {
  let shown = text;
  while (shown.length > 4 && ctx.measureText(shown).width > room) shown = `${shown.slice(0, -2).trimEnd()}\u2026`;
  return shown;
}

/** Pushes sorted labels down until none is nearer than `apart` to one beside it, then back up into the plot. */
function moveApart(labels, apart, top, bottom) {
  const beside = (a, b) => a.left < b.left + b.width && b.left < a.left + a.width;
  labels.forEach((label, k) => {
    const least = labels.slice(0, k).filter((other) => beside(label, other)).map((other) => other.top + apart);
    label.top = Math.max(label.top, top, ...least);
  });
  for (let k = labels.length - 1; k >= 0; k--) {
    const most = labels.slice(k + 1).filter((other) => beside(labels[k], other)).map((other) => other.top - apart);
    labels[k].top = Math.min(labels[k].top, bottom, ...most);
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
  prepare(ctx, font, ratio);
  const width = ctx.measureText(label).width;
  const room = left + 10 * ratio + width < chart.width * ratio;
  write(ctx, label, room ? left + 10 * ratio : Math.max(2 * ratio, left - 10 * ratio - width), top, ink);
  ctx.restore();
}

/** The zero line of a difference, and on either side of it who is ahead there. */
export function nameSides(chart, { above, below }, font) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const zero = chart.valToPos(0, 'y', true);
  ctx.save();
  ctx.strokeStyle = colour('edge');
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, zero);
  ctx.lineTo(bbox.left + bbox.width, zero);
  ctx.stroke();
  prepare(ctx, font, ratio);
  const right = bbox.left + bbox.width - 4 * ratio;
  for (const [{ label, ink }, top, room] of [
    [above, bbox.top + 9 * ratio, zero - bbox.top],
    [below, bbox.top + bbox.height - 9 * ratio, bbox.top + bbox.height - zero],
  ]) {
    if (room < 18 * ratio) continue;
    const text = cut(ctx, label, bbox.width - 8 * ratio);
    write(ctx, text, right - ctx.measureText(text).width, top, ink);
  }
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
