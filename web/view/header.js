/** The header's right end: how the run stands, whether the page is live, and how far behind. */
import { setAttr, setText } from '../page/dom.js';
import { LIVE, STATUS, delayText, delayTitle, tailText } from '../text/text.js';

const DELAY_PERIOD = 250;

export class LiveDot {
  constructor(root) {
    this.root = root;
    this.word = root.querySelector('.word');
    this.delay = root.querySelector('.delay');
    this.tail = root.querySelector('.tail');
    this.shownAt = 0;
  }

  /** @param mode live, connecting or offline */
  set(mode) {
    setAttr(this.root, 'data-mode', mode);
    setText(this.word, LIVE[mode]);
    if (mode !== 'live') this.hush();
  }

  /** Something has been painted: how half of the last frames did, and 99% of them. */
  measured(delays) {
    const now = performance.now();
    if (now - this.shownAt < DELAY_PERIOD) return;
    this.shownAt = now;
    const [half, most] = [delays.quantile(0.5), delays.quantile(0.99)];
    setText(this.delay, delayText(half));
    setText(this.tail, tailText(most));
    setAttr(this.root, 'title', delayTitle(delays.clock.error));
  }

  hush() {
    setText(this.delay, '');
    setText(this.tail, '');
  }
}

export function showStatus(element, status) {
  setText(element, status === null ? '' : (STATUS[status] ?? status));
  setAttr(element, 'data-status', status);
}
