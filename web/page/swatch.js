/** A short piece of a variant's line, as the charts draw it. */
import { svg } from './dom.js';
import { dashOf } from './palette.js';

export function swatch(ink, width = 20) {
  const line = svg('line', { x1: 1, y1: 5, x2: width - 1, y2: 5, 'stroke-width': 2.5, 'stroke-dasharray': dashOf(ink).join(' ') || 'none' });
  return svg('svg', { class: `swatch ${ink}`, width, height: 10, viewBox: `0 0 ${width} 10`, 'aria-hidden': 'true' }, line);
}
