/** A run's test accuracies in the size of a word. */
import { svg } from '../page/dom.js';
import { dashOf } from '../page/palette.js';

const WIDTH = 64;
const HEIGHT = 17;

/** @param lines [{ ink, ratios }] with one ratio an epoch; `epochs` is the width in epochs */
export function sparkline(lines, epochs) {
  const picture = svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const lowest = Math.min(0.8, ...lines.flatMap(({ ratios }) => ratios.filter(Number.isFinite)));
  for (const { ink, ratios } of lines) {
    const points = ratios.flatMap((ratio, index) => {
      if (!Number.isFinite(ratio)) return [];
      const x = 2 + ((WIDTH - 4) * index) / Math.max(1, epochs - 1);
      const y = HEIGHT - 2 - ((HEIGHT - 4) * (ratio - lowest)) / (1 - lowest);
      return [`${x.toFixed(1)},${y.toFixed(1)}`];
    });
    if (points.length === 1) {
      const [cx, cy] = points[0].split(',');
      picture.append(svg('circle', { class: `mark ${ink}`, cx, cy, r: 1.5 }));
    } else if (points.length > 1) {
      const dash = dashOf(ink).map((length) => length / 2).join(' ') || 'none';
      picture.append(svg('polyline', { class: `line ${ink}`, points: points.join(' '), fill: 'none', 'stroke-width': 1.5, 'stroke-dasharray': dash }));
    }
  }
  return picture;
}
