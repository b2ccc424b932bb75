/**
 * When a variant was at which iteration, in seconds of its own training, from what the events say: `steps` carry
 * the time of their last step, `epoch` the seconds since the training's start. In between, time is taken to have
 * gone evenly.
 */
import { firstAtOrAbove, lastAtOrBelow } from './columns.js';

/** When a variant's training began, in milliseconds since 1970; null if nothing tells. */
export function beganAt({ marks, epochs }, fallback = null) {
  let began = -Infinity;
  for (let k = 0; k < epochs.epoch.length; k++) {
    const mark = lastAtOrBelow(marks.iteration, epochs.iteration.at(k));
    if (mark < 0 || marks.iteration.at(mark) !== epochs.iteration.at(k) || Number.isNaN(epochs.seconds.at(k))) continue;
    // The test after the epoch is in its seconds, but not before its last step: the latest start is the best guess.
    began = Math.max(began, marks.at.at(mark) - epochs.seconds.at(k) * 1000);
  }
  return began > -Infinity ? began : fallback;
}

/** The same, where there may be no epoch: a later repeat is then placed by its first steps, for it waited. */
export const startOf = (member, zero) => beganAt(member) ?? (member.repeat > 1 && member.marks.at.length > 0 ? member.marks.at.at(0) : zero);

/** Two-way table of iteration and second, both rising from 0. */
export class Clock {
  constructor(variant, fallback = null) {
    const { marks, epochs } = variant;
    const began = beganAt(variant, fallback);
    const timed = marks.at.length > 0 && began !== null;
    const column = timed ? marks.iteration : epochs.iteration;
    this.iterations = [0];
    this.seconds = [0];
    for (let k = 0; k < column.length; k++) {
      const second = timed ? (marks.at.at(k) - began) / 1000 : epochs.seconds.at(k);
      if (!(second >= this.seconds.at(-1)) || column.at(k) <= this.iterations.at(-1)) continue;
      this.iterations.push(column.at(k));
      this.seconds.push(second);
    }
  }

  /** Is there more than the start? */
  get known() {
    return this.seconds.length > 1;
  }

  get last() {
    return this.seconds.at(-1);
  }

  secondsAt(iteration) {
    return between(this.iterations, this.seconds, iteration);
  }

  iterationAt(second) {
    return between(this.seconds, this.iterations, second);
  }
}

function between(xs, ys, x) {
  const column = { values: xs, length: xs.length };
  const right = Math.min(xs.length - 1, firstAtOrAbove(column, x));
  if (right === 0) return ys[0];
  if (x >= xs[right]) return ys[right];
  const share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
  return ys[right - 1] + share * (ys[right] - ys[right - 1]);
}
