/**
 * An ended run as it stood at any second of it. Nothing is folded again: the state of a moment sees the whole
 * state's columns only as far as they had come. No DOM, no clock of its own.
 *
 * Time counts from the start of the run. A variant's steps are placed by the times in its events and evenly in
 * between; its epochs by their elapsed seconds.
 */
import { Clock, beganAt } from './clock.js';
import { firstAtOrAbove, lastAtOrBelow, viewOf } from './columns.js';

export class Film {
  /** @param state of a run that has ended, complete */
  constructor(state) {
    this.whole = state;
    const starts = state.variants.map((variant) => beganAt(variant)).filter((at) => at !== null);
    const zero = state.startedAt ?? (starts.length > 0 ? Math.min(...starts) : 0);
    this.tracks = state.variants.map((variant) => {
      const began = Math.max(0, ((beganAt(variant, zero) ?? zero) - zero) / 1000);
      const clock = new Clock(variant, zero);
      const tested = variant.epochs.seconds.last;
      return { variant, began, clock, ended: began + Math.max(clock.last, Number.isFinite(tested) ? tested : 0) };
    });
    this.seconds = Math.max(0.1, ...this.tracks.map(({ ended }) => ended));
    this.moment = {
      ...state,
      replayed: true,
      variants: state.variants.map((variant) => ({
        ...variant,
        iterations: viewOf(variant.iterations),
        losses: viewOf(variant.losses),
        epochs: Object.fromEntries(Object.entries(variant.epochs).map(([name, column]) => [name, viewOf(column)])),
        marks: Object.fromEntries(Object.entries(variant.marks).map(([name, column]) => [name, viewOf(column)])),
      })),
    };
    this.seek(0);
  }

  /** Puts `moment` at a second of the run; answers whether that lies before where it was. */
  seek(second) {
    const back = this.second !== undefined && second < this.second;
    this.second = Math.min(this.seconds, Math.max(0, second));
    const { whole, moment } = this;
    const over = this.second >= this.seconds;
    moment.status = over ? whole.status : 'running';
    moment.message = over ? whole.message : null;
    this.tracks.forEach((track, index) => this.#place(track, moment.variants[index]));
    return back;
  }

  #place({ variant, began, clock, ended }, shown) {
    const at = this.second - began;
    const over = this.second >= ended;
    const iteration = over ? Infinity : at <= 0 ? 0 : Math.floor(clock.iterationAt(at) + 1e-9);
    const held = over ? variant.losses.length : lastAtOrBelow(variant.iterations, iteration) + 1;
    const tests = over ? variant.epochs.epoch.length : firstAtOrAbove(variant.epochs.seconds, at + 1e-9);
    const marks = over ? variant.marks.at.length : lastAtOrBelow(variant.marks.iteration, iteration) + 1;
    shown.iterations.length = held;
    shown.losses.length = held;
    for (const column of Object.values(shown.epochs)) column.length = tests;
    for (const column of Object.values(shown.marks)) column.length = marks;
    shown.divergedAt = variant.divergedAt !== null && variant.divergedAt <= (shown.iterations.last ?? 0) ? variant.divergedAt : null;
    shown.status = over ? variant.status : at <= 0 ? 'queued' : 'running';
    shown.message = over ? variant.message : null;
    shown.speed = shown.epochs.speed.last ?? null;
    shown.seconds = shown.epochs.seconds.last ?? null;
  }
}
