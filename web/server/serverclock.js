/**
 * How far this browser's clock is from the server's, as NTP finds it: the server's time is taken to have been read
 * halfway between asking and hearing. Of a few answers the one that came quickest counts, for its error is at most
 * half its round trip. Asked again from time to time, since clocks drift.
 */
const TRIES = 5;
const AGAIN_AFTER = 60_000;

/** Milliseconds since 1970 on a clock that never jumps while the page is open. */
const now = () => performance.timeOrigin + performance.now();

export class ServerClock {
  /** @param ask () → promise of the server's time, in milliseconds since 1970 */
  constructor(ask) {
    this.ask = ask;
    this.offset = null;
    this.error = Infinity;
    this.#set();
    setInterval(() => document.hidden || this.#set(), AGAIN_AFTER);
  }

  /** The server's time, in milliseconds since 1970; NaN until it is known. */
  now() {
    return this.offset === null ? NaN : now() + this.offset;
  }

  async #set() {
    let best = { error: Infinity, offset: this.offset };
    for (let k = 0; k < TRIES; k++) {
      const asked = now();
      const server = await this.ask().catch(() => NaN);
      const heard = now();
      const error = (heard - asked) / 2;
      if (Number.isFinite(server) && error < best.error) best = { error, offset: server - (asked + heard) / 2 };
    }
    Object.assign(this, best);
  }
}
