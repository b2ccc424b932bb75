/**
 * Notices a connection that is dead but does not say so: when a running run has been silent for some seconds,
 * the server is asked how far it is. No answer, or one that is ahead of what came here, and the link is lost.
 */
const LOOK_EVERY = 1000;
const SILENCE = 5000;
const PATIENCE = 4000;

export class Watch {
  /**
   * @param running () → the id of the run whose events are due, or null
   * @param ask     (id, signal) → promise of the run as the server answers it
   * @param held    (variant name, repeat) → that training's last iteration here
   * @param lost    () → the connections are to be made anew
   */
  constructor({ running, ask, held, lost }) {
    Object.assign(this, { running, ask, held, lost, asking: false });
    this.heard();
    setInterval(() => this.#look(), LOOK_EVERY);
  }

  heard() {
    this.heardAt = performance.now();
  }

  async #look() {
    const id = this.running();
    if (this.asking || document.hidden || id === null || performance.now() - this.heardAt < SILENCE) return;
    this.asking = true;
    const before = this.heardAt;
    let ahead = true;
    try {
      const run = await this.ask(id, AbortSignal.timeout(PATIENCE));
      ahead = run.trainings.some(({ variant, repeat, iteration }) => iteration > this.held(variant, repeat ?? 1));
    } catch (problem) {
      ahead = !(problem.status > 0);
    }
    this.asking = false;
    if (this.heardAt !== before || this.running() !== id) return;
    this.heard();
    if (ahead) this.lost();
  }
}
