/**
 * Smoothed lines from the server, for members whose losses are not all here: it smooths every loss, then thins.
 * A member's `smoothed.line` is { weight, stride, iterations, losses, until }, or null until it is asked for; it holds
 * the least, the greatest and the last smoothed loss of each `stride` iterations up to the iteration `until`.
 */
import { isWhole } from './stretch.js';

const PAUSE = 120;
const RETRY = 3000;

const membersOf = (state) => state.variants.flatMap(({ name, members }) => members.map((member) => ({ name, member })));

/** Can a member be smoothed with a weight from what is here? */
function isSmooth(member, weight) {
  const last = member.iterations.last ?? 0;
  const { line } = member.smoothed;
  return isWhole(member, 1, last) || (line?.weight === weight && isWhole(member, line.until + 1, last));
}

export const needsLines = (state, weight) => membersOf(state).some(({ member }) => !isSmooth(member, weight));

/** Asks for the lines of a state, and gives them to its members if they are still `wanted` by then. */
export async function fetchLines(state, fetch, wanted = () => true) {
  // What is here now is in the answer, whatever becomes of it meanwhile.
  const held = membersOf(state).map(({ member }) => member.iterations.last ?? 0);
  const { weight, stride: widest, lines } = await fetch();
  if (!wanted()) return;
  membersOf(state).forEach(({ name, member }, index) => {
    // A long line comes in several parts.
    const parts = lines.filter((line) => line.variant === name && line.repeat === member.repeat);
    const stride = parts[0]?.stride ?? widest;
    const iterations = parts.flatMap((part) => part.iterations);
    const until = Math.max(held[index], iterations.at(-1) ?? 0);
    member.smoothed.line = { weight, stride, iterations, losses: parts.flatMap(({ losses }) => losses), until };
  });
}

export class Lines {
  /** @param fetch (state, weight) → promise of the server's answer; `filled()`: there are lines */
  constructor({ fetch, filled }) {
    Object.assign(this, { fetch, filled, timer: null, asking: null });
  }

  /** Sees to it that the lines of a run can be drawn with a weight; may be called at any rate. */
  look(state, weight) {
    if (this.state === state && this.weight === weight && (this.asking || this.timer)) return;
    if (!needsLines(state, weight)) return;
    const first = this.state !== state;
    Object.assign(this, { state, weight });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.#ask(state, weight);
    }, first ? 0 : PAUSE);
  }

  /** The lines, once they are here; if they can't be had, those that are. */
  async settle(state, weight) {
    if (needsLines(state, weight)) await this.#ask(state, weight);
  }

  async #ask(state, weight) {
    const wanted = () => this.state !== state || this.weight === weight;
    const asking = fetchLines(state, () => this.fetch(state, weight), wanted);
    this.asking = asking;
    try {
      await asking;
      if (wanted()) this.filled();
      if (this.asking === asking) this.asking = null;
    } catch {
      setTimeout(() => {
        if (this.asking === asking) this.asking = null;
      }, RETRY);
    }
  }
}
