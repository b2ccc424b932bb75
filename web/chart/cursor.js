/** A dot on each line where the cursor stands, over the chart's canvas. */
import { el } from '../page/dom.js';

export class Dots {
  constructor(chart, inks) {
    this.dots = inks.map((ink) => {
      const dot = el('i', { class: `dot ${ink}` });
      chart.over.append(dot);
      return dot;
    });
    this.chart = chart;
  }

  /** @param places for each line { x, y } or null */
  set(places) {
    this.dots.forEach((dot, index) => {
      const place = places[index];
      dot.hidden = !place || !Number.isFinite(place.y);
      if (dot.hidden) return;
      const left = this.chart.valToPos(place.x, 'x');
      const top = this.chart.valToPos(place.y, 'y');
      dot.hidden = left < -1 || left > this.chart.over.clientWidth + 1;
      dot.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    });
  }
}

/** Draws the cursor's line at x on a chart that the mouse is not over. */
export function placeCursor(chart, x) {
  const left = x === null ? -10 : chart.valToPos(x, 'x');
  if (Math.abs(left - chart.cursor.left) < 0.5) return;
  chart.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
}
