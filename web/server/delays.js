/**
 * How long it takes from the end of a step to its point being on the screen: measured after the browser has painted
 * the frame that shows it, on the server's clock, and reported to the server, which gathers what all pages see.
 */
const KEPT = 500;
const REPORT_EVERY = 10_000;
const MOST_REPORTED = 500;
const LONGEST = 60_000;

/** Nothing is on the screen before it has happened, but for what the clock's error explains and so many milliseconds. */
const EARLIEST = 20;

export class Delays {
  #channel = new MessageChannel();
  #waiting = [];
  #unreported = [];

  /** @param clock a ServerClock; `report(seconds)` sends a list on its way; `measured(milliseconds)` is told of each */
  constructor(clock, { report, measured }) {
    Object.assign(this, { clock, report, measured });
    this.clear();
    clock.doubted = () => this.#forget();
    this.#channel.port1.onmessage = () => this.#painted();
    setInterval(() => this.#send(), REPORT_EVERY);
    // There is no time left to ask whether the clock is right.
    addEventListener('pagehide', () => clock.sound && this.#hand(this.#unreported.splice(0)));
    // A hidden page draws nothing: what it catches up on afterwards says nothing of the way to the screen.
    document.addEventListener('visibilitychange', () => (this.skip = true));
  }

  /** Delays of another run than before. */
  clear() {
    this.recent = [];
    this.skip = true;
  }

  /** A frame is being drawn whose newest step ended at `at`, in milliseconds since 1970 on the server. */
  drawn(at) {
    if (this.skip) {
      this.skip = false;
      return;
    }
    this.#waiting.push(at);
    // A message sent while a frame is drawn arrives once it is painted.
    if (this.#waiting.length === 1) this.#channel.port2.postMessage(null);
  }

  #painted() {
    const now = this.clock.now();
    for (const at of this.#waiting.splice(0)) {
      const delay = Math.max(0, now - at);
      if (now - at < -this.clock.error - EARLIEST || delay > LONGEST) return this.clock.doubt();
      if (Number.isNaN(delay)) continue;
      this.recent.push(delay);
      if (this.recent.length > KEPT) this.recent.shift();
      if (this.#unreported.length < MOST_REPORTED) this.#unreported.push(delay / 1000);
      this.measured(delay);
    }
  }

  /** The delay that a share of the last frames was within, in milliseconds; NaN before there is one. */
  quantile(share) {
    const sorted = Float64Array.from(this.recent).sort();
    return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  /** What was measured by a clock that is in doubt is nothing to go by, nor is what is caught up on meanwhile. */
  #forget() {
    this.#unreported = [];
    this.clear();
  }

  async #send() {
    const seconds = this.#unreported.splice(0);
    if (seconds.length > 0 && (await this.clock.holds())) this.#hand(seconds);
  }

  #hand(seconds) {
    if (seconds.length > 0) this.report(seconds.map((of) => Number(of.toFixed(4))));
  }
}
