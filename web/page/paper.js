/**
 * Prints: before one, all is laid out as on paper, so that whatever draws itself can fit its place there and be drawn
 * in light colours; afterwards all is as it was. A browser that prints waits for nothing: all of it is done at once.
 */
import { byId } from './dom.js';
import { onPaper } from './palette.js';

/** What is left of A4 between its margins; on other paper the charts are scaled. */
const WIDTH = 700;

/**
 * @param draw (printing): draws everything there is, for paper or for the screen again
 */
export function whenPrinted(draw) {
  const root = document.documentElement;
  const sheet = byId('print-style');
  let opened = null;

  const before = () => {
    if (opened) return;
    // What is folded away cannot be unfolded on paper.
    opened = [...document.querySelectorAll('.details details:not([open])')];
    for (const fold of opened) fold.open = true;
    sheet.media = 'all';
    root.classList.add('fitting');
    root.style.width = `${WIDTH}px`;
    onPaper(true);
    draw(true);
    root.style.width = '';
    root.classList.remove('fitting');
    sheet.media = 'print';
  };

  const after = () => {
    if (!opened) return;
    for (const fold of opened) fold.open = false;
    opened = null;
    onPaper(false);
    draw(false);
  };

  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  // Some ways to print, and tools that only pretend to, tell it in this way alone.
  matchMedia('print').addEventListener('change', ({ matches }) => (matches ? before() : after()));
}
