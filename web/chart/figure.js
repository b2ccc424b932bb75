/** A chart as one SVG picture that stands by itself: on white, every colour written out. */
import { svg } from '../page/dom.js';
import { colour } from '../page/palette.js';

const SIZE = { width: 960, height: 420, left: 64, right: 168, top: 56, bottom: 48 };
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

const light = (name) => colour(name, 'light');

/**
 * @param lines [{ label, ink, dash, thin, dots, xs, ys }]; ys may hold gaps: null ends a piece, undefined is passed over
 * @param bands [{ ink, xs, low, high }], beneath the lines; a gap where an edge is no number
 * @param x, y  { from, to, ticks, name, format(value), log }
 */
export function figure({ title, subtitle, lines, bands = [], x, y }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const toX = (value) => left + ((value - x.from) / (x.to - x.from || 1)) * (width - left - right);
  const scale = y.log ? Math.log : (value) => value;
  const toY = (value) => height - bottom - ((scale(value) - scale(y.from)) / (scale(y.to) - scale(y.from) || 1)) * (height - top - bottom);
  const text = (content, at, more = {}) => svg('text', { 'font-family': FONT, 'font-size': 12, fill: light('quiet'), ...at, ...more }, content);
  const picture = svg('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  picture.append(svg('title', {}, `${title}: ${subtitle}`), svg('rect', { width, height, fill: light('surface') }));
  const heading = text(title, { x: left, y: 22 }, { 'font-size': 15, 'font-weight': 600, fill: light('ink') });
  heading.append(svg('tspan', { 'font-size': 12, 'font-weight': 400, fill: light('quiet'), dx: 8 }, y.name));
  picture.append(heading, text(subtitle, { x: left, y: 40 }));
  for (const tick of y.ticks) {
    picture.append(svg('line', { x1: left, x2: width - right, y1: toY(tick), y2: toY(tick), stroke: light('rule') }), text(y.format(tick), { x: left - 8, y: toY(tick) + 4 }, { 'text-anchor': 'end' }));
  }
  for (const tick of x.ticks) picture.append(text(x.format(tick), { x: toX(tick), y: height - bottom + 18 }, { 'text-anchor': 'middle' }));
  picture.append(text(x.name, { x: width - right, y: height - 10 }, { 'text-anchor': 'end' }));
  const inside = (value) => Math.min(height - bottom, Math.max(top, value));
  for (const { ink, xs, low, high } of bands) {
    picture.append(svg('path', { class: 'band', d: bandOf(xs, low, high, { x, toX, toY: (value) => inside(y.log && value <= 0 ? Infinity : toY(value)) }), fill: light(`${ink}-band`) }));
  }
  const ends = [];
  for (const { label, ink, dash = [], thin = false, dots = false, xs, ys } of lines) {
    const points = xs.map((value, k) => (ys[k] == null || value < x.from || value > x.to ? ys[k] : [toX(value), toY(ys[k])]));
    picture.append(svg('path', { d: pathOf(points), fill: 'none', stroke: light(thin ? `${ink}-pale` : ink), 'stroke-width': thin ? 1 : 2, 'stroke-dasharray': dash.join(' ') || 'none', 'stroke-linejoin': 'round' }));
    const drawn = points.filter(Array.isArray);
    if (dots) picture.append(...drawn.map(([cx, cy]) => svg('circle', { cx, cy, r: 3, fill: light(ink) })));
    if (label && drawn.length > 0) ends.push({ label, ink, x: drawn.at(-1)[0] + 8, y: drawn.at(-1)[1] });
  }
  ends.sort((a, b) => a.y - b.y);
  ends.forEach((end, k) => (end.y = Math.max(end.y, k === 0 ? 0 : ends[k - 1].y + 15)));
  for (const end of ends) picture.append(text(end.label, { x: end.x, y: end.y + 4 }, { 'font-weight': 600, fill: light(end.ink === 'ink' ? 'ink' : `${end.ink}-text`) }));
  return picture;
}

function pathOf(points) {
  let path = '';
  let pen = false;
  for (const point of points) {
    if (point === null) pen = false;
    if (!Array.isArray(point)) continue;
    path += `${pen ? 'L' : 'M'}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
    pen = true;
  }
  return path;
}

/** One closed shape for each stretch in which the band has both its edges. */
function bandOf(xs, low, high, { x, toX, toY }) {
  let path = '';
  let upper = [];
  let lower = [];
  const close = () => {
    if (upper.length > 1) path += `M${[...upper, ...lower.reverse()].join('L')}Z`;
    upper = [];
    lower = [];
  };
  xs.forEach((value, k) => {
    if (low[k] === undefined || value < x.from || value > x.to) return;
    if (!Number.isFinite(low[k]) || !Number.isFinite(high[k])) return close();
    upper.push(`${toX(value).toFixed(1)} ${toY(high[k]).toFixed(1)}`);
    lower.push(`${toX(value).toFixed(1)} ${toY(low[k]).toFixed(1)}`);
  });
  close();
  return path;
}

export const markup = (picture) => new XMLSerializer().serializeToString(picture);

/** The same picture as a PNG, twice as fine. */
export async function toPng(picture) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup(picture))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = SIZE.width * 2;
  canvas.height = SIZE.height * 2;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}
