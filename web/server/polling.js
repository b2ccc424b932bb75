/**
 * Asks again and again, in place of a WebSocket: a second after an answer with news, more seldom while there are
 * none, and never more than a third of the time; four times as seldom on a hidden page.
 */
const SHORTEST_PAUSE = 1000;
const LONGEST_PAUSE = 5000;
const HIDDEN = 4;

/** An answer that takes longer than this will not come. */
const PATIENCE = 30_000;

export class Polling {
  #on = false;
  #asking = false;
  #timer = null;
  #pause = SHORTEST_PAUSE;

  /** @param ask () → promise of a list, empty if there is nothing new; `answered(list)`, `failed()` are told of each */
  constructor(ask, { answered, failed }) {
    Object.assign(this, { ask, answered, failed });
  }

  /** Begins at once, unless it is at it. */
  start() {
    if (this.#on) return;
    this.#on = true;
    this.#pause = SHORTEST_PAUSE;
    if (!this.#asking) this.#next();
  }

  stop() {
    this.#on = false;
    clearTimeout(this.#timer);
  }

  /** There are news, or somebody looks again. */
  hurry() {
    if (!this.#on || this.#asking) return;
    clearTimeout(this.#timer);
    this.#next();
  }

  async #next() {
    this.#asking = true;
    const began = performance.now();
    const answer = await Promise.race([this.ask(), new Promise((late) => setTimeout(late, PATIENCE))]).catch(() => undefined);
    const took = performance.now() - began;
    this.#asking = false;
    if (!this.#on) return;
    if (answer) this.answered(answer);
    else this.failed();
    if (!this.#on) return;
    this.#pause = answer?.length > 0 ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, this.#pause * 1.5);
    // Many pages behind one proxy should not all ask in the same instant.
    const pause = Math.max(this.#pause, 2 * took) * (document.hidden ? HIDDEN : 1) * (0.9 + Math.random() / 5);
    this.#timer = setTimeout(() => this.#next(), pause);
  }
}
