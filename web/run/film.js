/**
 * A run as it stood at any second of it, ended or so far. Nothing is folded again: the state of a moment sees the whole
 * state's columns only as far as they had come. No DOM, no clock of its own.
 *
 * Time counts from the start of the run. A training's steps are placed by the times in its events and evenly in
 * between; its epochs by their elapsed seconds.
 */
import { Clock, beganAt, startOf } from './clock.js';
import { firstAtOrAbove, lastAtOrBelow, viewOf } from './columns.js';
import { averageSpeed, gather, newVariant, regather } from './member.js';

export class Film {
  /** @param state of a run; what comes into it later is seen after extend() */
  constructor(state) {
    this.whole = state;
    this.moment = {
      ...state,
      replayed: true,
      variants: state.variants.map((variant) => newVariant(variant, variant.members.map(shownOf))),
    };
    this.extend();
    this.seek(0);
  }

  /** The run has gone on: there is more to see. */
  extend() {
    const { whole, moment } = this;
    const members = whole.variants.flatMap((variant) => variant.members);
    const shown = moment.variants.flatMap((variant) => variant.members);
    const starts = members.map((member) => beganAt(member)).filter((at) => at !== null);
    const zero = whole.startedAt ?? (starts.length > 0 ? Math.min(...starts) : 0);
    moment.total = whole.total;
    this.tracks = members.map((member, index) => {
      const start = startOf(member, zero);
      const began = Math.max(0, (start - zero) / 1000);
      const clock = new Clock(member, start);
      const tested = member.epochs.seconds.last;
      return { member, shown: shown[index], began, clock, ended: began + Math.max(clock.last, Number.isFinite(tested) ? tested : 0) };
    });
    this.seconds = Math.max(0.1, ...this.tracks.map(({ ended }) => ended));
  }

  /** Puts `moment` at a second of the run; answers whether that lies before where it was. */
  seek(second) {
    const back = this.second !== undefined && second < this.second;
    this.second = Math.min(this.seconds, Math.max(0, second));
    const { whole, moment } = this;
    const over = this.second >= this.seconds;
    moment.status = over ? whole.status : 'running';
    moment.message = over ? whole.message : null;
    this.tracks.forEach((track) => this.#place(track));
    moment.variants.forEach(back ? regather : gather);
    return back;
  }

  #place({ member, shown, began, clock, ended }) {
    const at = this.second - began;
    const over = this.second >= ended;
    const tests = over ? member.epochs.epoch.length : firstAtOrAbove(member.epochs.seconds, at + 1e-9);
    // Times are not exact to the millisecond; that a test comes after its steps is.
    const tested = tests === 0 ? 0 : member.epochs.iteration.at(tests - 1);
    const iteration = over ? Infinity : Math.max(tested, at <= 0 ? 0 : Math.floor(clock.iterationAt(at) + 1e-9));
    const held = over ? member.losses.length : lastAtOrBelow(member.iterations, iteration) + 1;
    lookAgain(shown, member);
    const marks = over ? member.marks.at.length : lastAtOrBelow(member.marks.iteration, iteration) + 1;
    shown.iterations.length = held;
    shown.losses.length = held;
    for (const column of Object.values(shown.epochs)) column.length = tests;
    for (const column of Object.values(shown.marks)) column.length = marks;
    shown.divergedAt = member.divergedAt !== null && member.divergedAt <= (shown.iterations.last ?? 0) ? member.divergedAt : null;
    shown.status = over ? member.status : at <= 0 ? 'queued' : 'running';
    shown.message = over ? member.message : null;
    shown.speed = averageSpeed(shown.epochs, this.whole.settings.trainingExamples);
    shown.seconds = shown.epochs.seconds.last ?? null;
  }
}

const viewsOf = (columns) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, viewOf(column)]));

/** A column that has grown may lie elsewhere than before. */
function lookAgain(shown, member) {
  shown.iterations.values = member.iterations.values;
  shown.losses.values = member.losses.values;
  for (const part of ['epochs', 'marks']) for (const [name, column] of Object.entries(member[part])) shown[part][name].values = column.values;
}

/** A member that shows another's columns as far as they had come. */
const shownOf = (member) => ({
  ...member,
  iterations: viewOf(member.iterations),
  losses: viewOf(member.losses),
  epochs: viewsOf(member.epochs),
  marks: viewsOf(member.marks),
});
