/** The header's right end: how the run stands, whether the page is live, and how far behind. */
import { setAttr, setText } from './dom.js';
import { LIVE, STATUS, delayText } from './text.js';

const DELAY_PERIOD = 250;

export class LiveDot {
  constructor(root) {
    this.root = root;
    this.word = root.querySelector('.word');
    this.delay = root.querySelector('.delay');
    this.shownAt = 0;
    this.worst = 0;
  }

  /** @param mode live, connecting or offline */
  set(mode) {
    setAttr(this.root, 'data-mode', mode);
    setText(this.word, LIVE[mode]);
    if (mode !== 'live') this.hush();
  }

  /** The delay of what has just been painted; the longest of the last quarter second is shown. */
  measured(milliseconds, now) {
    this.worst = Math.max(this.worst, milliseconds);
    if (now - this.shownAt < DELAY_PERIOD) return;
    setText(this.delay, delayText(this.worst));
    this.shownAt = now;
    this.worst = 0;
  }

  hush() {
    setText(this.delay, '');
    this.worst = 0;
  }
}

export function showStatus(element, status) {
  setText(element, status === null ? '' : (STATUS[status] ?? status));
  setAttr(element, 'data-status', status);
}
