/**
 * Asks the server the same question again and again, as what it is about changes: never while the last one is
 * under way, never more often than every so many milliseconds, and the newest wish always gets its answer.
 */
export class Asking {
  /**
   * @param ask   () → promise of the answer
   * @param told  (answer, problem): one of them is null
   * @param every milliseconds between two questions
   */
  constructor(ask, told, every) {
    Object.assign(this, { ask, told, every, wanted: false, busy: false, next: 0, timer: 0, ticket: 0 });
  }

  want() {
    this.wanted = true;
    this.#go();
  }

  /** Again after a while, unless something else is wanted before. */
  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.want(), milliseconds);
  }

  /** What is under way is of no interest any more. */
  forget() {
    this.ticket++;
    this.wanted = false;
    clearTimeout(this.timer);
  }

  async #go() {
    if (!this.wanted || this.busy) return;
    const now = performance.now();
    clearTimeout(this.timer);
    if (now < this.next) {
      this.timer = setTimeout(() => this.#go(), this.next - now);
      return;
    }
    this.wanted = false;
    this.busy = true;
    this.next = now + this.every;
    const { ticket } = this;
    try {
      const answer = await this.ask();
      if (ticket === this.ticket) this.told(answer, null);
    } catch (problem) {
      if (ticket === this.ticket) this.told(null, problem);
      this.next = performance.now() + 1000 * (Number.parseInt(problem.retryAfter, 10) || 2);
      if (ticket === this.ticket && problem.status !== 404) this.wanted = true;
    }
    this.busy = false;
    this.#go();
  }
}
