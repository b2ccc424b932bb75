/**
 * Every point of a stretch that one looks at closely. The losses of a long run come thinned; when the window in view
 * holds more iterations than points, and is not too wide, those that are missing are fetched and put in their places.
 */
import { Column, firstAtOrAbove } from './columns.js';

/** As many losses as one answer of the server holds. */
export const WIDEST = 50_000;

const PAUSE = 120;

export class Stretches {
  /** @param fetch (id, variant, repeat, from, to) → promise of { from, losses }; `filled()`: there are more points */
  constructor({ fetch, filled }) {
    Object.assign(this, { fetch, filled, timer: null, asked: new Set() });
  }

  /** Looks after the iterations of each variant in view, as [first, last], or null for all; may be called at any rate. */
  look(state, windows) {
    if (this.state !== state) {
      this.state = state;
      this.asked.clear();
    }
    const key = String(windows);
    if (key === this.key || !windows || windows.some(([from, to]) => to - from >= WIDEST)) return;
    this.key = key;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#fill(state, windows), PAUSE);
  }

  async #fill(state, windows) {
    const wanted = state.variants.flatMap((variant, index) =>
      variant.members.flatMap((member) => {
        const [from, to] = windows[index];
        const last = Math.min(to, member.iterations.last ?? 0);
        const name = `${variant.name}/${member.repeat}/${from}/${last}`;
        if (isWhole(member, from, last) || this.asked.has(name)) return [];
        this.asked.add(name);
        return [this.#fetch(state, variant, member, from, last, name)];
      }),
    );
    if (wanted.length === 0) return;
    await Promise.all(wanted);
    if (this.state === state) this.filled();
  }

  async #fetch(state, variant, member, from, last, name) {
    try {
      const { losses } = await this.fetch(state.id, variant.name, member.repeat, from, last);
      putIn(member, from, losses);
    } catch {
      this.asked.delete(name);
      this.key = null;
    }
  }
}

/** Does a member hold every iteration from `from` to `last`? */
export function isWhole({ iterations }, from, last) {
  return last < from || firstAtOrAbove(iterations, last + 1) - firstAtOrAbove(iterations, from) === last - from + 1;
}

/** Puts the losses of the iterations from `from` on in place of those that a member holds there. */
export function putIn(member, from, values) {
  if (values.length === 0) return;
  const { iterations, losses } = member;
  const start = firstAtOrAbove(iterations, from);
  const end = firstAtOrAbove(iterations, from + values.length);
  const both = [
    [iterations, values.map((_, k) => from + k)],
    [losses, values.map((loss) => (typeof loss === 'number' ? loss : NaN))],
  ];
  for (const [column, inserted] of both) {
    const whole = new Column(column.length + inserted.length);
    const old = column.values;
    whole.values.set(old.subarray(0, start));
    whole.values.set(inserted, start);
    whole.values.set(old.subarray(end, column.length), start + inserted.length);
    column.values = whole.values;
    column.length = column.length - (end - start) + inserted.length;
  }
}
