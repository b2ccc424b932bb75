/**
 * How far this browser's clock is from the server's, as NTP finds it: the server's time is taken to have been read
 * halfway between asking and hearing. Of a few answers the one that came quickest counts, for its error is at most
 * half its round trip. Asked again from time to time, since clocks drift; and at once when there is a reason to doubt
 * it, as after a sleep, through which this machine's two clocks need not have gone on alike.
 */
const TRIES = 5;
const AGAIN_AFTER = 60_000;
const AGAIN_AFTER_FAILURE = 5000;

/** The clock that tells the time and the one that never jumps are apart by so much more than before: one has stood still, or was set. */
const JUMP = 250;

/** This machine looks at its clock so often; much later than that, it has slept. */
const LOOK_EVERY = 1000;
const OVERDUE = 5000;

/** Clocks drift apart no more than this, in milliseconds, from one asking to the next. */
const DRIFT = 50;

/** Milliseconds since 1970 on a clock that never jumps while the page is open. */
const now = () => performance.timeOrigin + performance.now();

export class ServerClock {
  #round = 0;
  #apart = 0;
  #lookedAt = 0;
  #doubtedAt = -Infinity;

  /** @param ask () → promise of the server's time, in milliseconds since 1970; set `doubted()` to be told of a doubt */
  constructor(ask) {
    this.ask = ask;
    this.doubted = () => {};
    this.offset = null;
    this.error = Infinity;
    this.#set();
    setInterval(() => document.hidden || (this.#jumped() ? this.doubt() : this.#set()), AGAIN_AFTER);
    setInterval(() => {
      if (this.#jumped()) this.doubt();
      this.#lookedAt = performance.now();
    }, LOOK_EVERY);
  }

  /** The server's time, in milliseconds since 1970; NaN until it is known, and while it is in doubt. */
  now() {
    if (this.#jumped()) this.doubt();
    return this.offset === null ? NaN : now() + this.offset;
  }

  /** Is it known, as far as can be told without asking? */
  get sound() {
    return this.offset !== null && !this.#jumped();
  }

  /** What it told so far may be wrong: it is set anew. */
  doubt() {
    // Once is enough until that has been done.
    if (performance.now() - this.#doubtedAt < AGAIN_AFTER_FAILURE && !this.#jumped()) return;
    this.#doubtedAt = performance.now();
    Object.assign(this, { offset: null, error: Infinity });
    this.#set();
    this.doubted();
  }

  /** Asks whether it is still right; if not, it is in doubt from then on. */
  async holds() {
    const { offset } = this;
    const told = await this.#measure();
    if (offset === null || this.offset !== offset || !told) return false;
    if (!this.#differs(told)) return true;
    this.doubt();
    return false;
  }

  /** By more than both may err? */
  #differs({ offset, error }) {
    return Math.abs(offset - this.offset) > error + this.error + DRIFT;
  }

  #jumped() {
    const asleep = !document.hidden && performance.now() - this.#lookedAt > OVERDUE;
    return asleep || Math.abs(Date.now() - now() - this.#apart) > JUMP;
  }

  /** One answer: { offset, error }, or null. */
  async #measure() {
    const asked = now();
    const server = await this.ask().catch(() => NaN);
    const heard = now();
    return Number.isFinite(server) ? { offset: server - (asked + heard) / 2, error: (heard - asked) / 2 } : null;
  }

  async #set() {
    const round = ++this.#round;
    this.#apart = Date.now() - now();
    this.#lookedAt = performance.now();
    let best = { error: Infinity, offset: null };
    for (let k = 0; k < TRIES; k++) {
      const told = await this.#measure();
      if (round !== this.#round) return;
      if (told && told.error < best.error) best = told;
    }
    if (best.offset !== null) {
      // One of the two was set without this one noticing: what was measured since the last time may be wrong.
      if (this.offset !== null && this.#differs(best)) this.doubted();
      Object.assign(this, best);
    }
    if (this.offset === null) setTimeout(() => round === this.#round && this.#set(), AGAIN_AFTER_FAILURE);
  }
}
