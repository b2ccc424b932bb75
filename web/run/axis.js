/**
 * What curves are drawn over: iterations, examples seen, epochs or seconds. No DOM.
 *
 * Variants may make different numbers of iterations of one epoch. What is in view, and where the cursor stands, is
 * therefore kept as iterations of one of them, the variant with the most (the first of those): such a place is the same
 * whatever it is drawn over. Of variants with as many iterations each, any iteration is that of all of them.
 *
 * Seconds are those of a training's own, from its start; of repeats their mean.
 */
import { Clock, beganAt, startOf } from './clock.js';
import { Column } from './columns.js';
import { examplesAfter, iterationAfter } from './variants.js';

export const BASES = ['iteration', 'examples', 'epoch', 'seconds'];

/** Do all variants make the same iterations of the same examples? */
export const isEven = ({ variants }) => variants.every(({ schedule }) => schedule.perEpoch === variants[0].schedule.perEpoch && schedule.batchSize === variants[0].schedule.batchSize);

export const usualBase = (state) => (isEven(state) ? 'iteration' : 'epoch');

const NEVER = { marks: { iteration: new Column(1), at: new Column(1) } };

/** The end of a time axis that still grows moves in steps of this share of it. */
const STEP = 0.125;

export class Axis {
  /** @param chosen what it is drawn over; null for what suits the variants */
  constructor(state, chosen = null) {
    Object.assign(this, { state, chosen, clocks: new Map(), end: 0 });
    this.update();
  }

  /** Takes in what the state has gained; called before a drawing. */
  update() {
    const { state } = this;
    this.even = isEven(state);
    this.base = this.chosen ?? usualBase(state);
    this.reference = state.variants.find(({ schedule }) => schedule.total === state.total) ?? state.variants[0];
    if (this.base === 'seconds') return this.#updateClocks();
    this.end = this.at(this.reference, state.total);
    this.limit = state.total;
    this.version = `${this.base} ${state.variants.map(({ schedule }) => schedule.perEpoch)}`;
  }

  #updateClocks() {
    const { variants, startedAt, status } = this.state;
    for (const variant of variants) {
      for (const member of variant.members) this.#keep(member, () => new Clock(member, startOf(member, startedAt)));
      if (variant.members.length > 1) this.#keep(variant, () => (variant.epochs.epoch.length > 0 ? new Clock({ ...NEVER, epochs: variant.epochs }) : this.clocks.get(variant.members[0]).clock));
    }
    const last = Math.max(0.1, ...[...this.clocks.values()].map(({ clock }) => clock.last));
    const growing = status === 'running' || status === 'queued';
    // It grows in steps: all that is drawn moves when it does.
    if (!growing) this.end = last;
    else if (!(last <= this.end && last > this.end * (1 - 3 * STEP))) this.end = last * (1 + STEP);
    this.limit = Math.max(1, this.toReference(this.end));
    // To a fiftieth of a second: less would not be seen.
    this.version = `seconds ${[...this.clocks.keys()].map((of) => (of.members ? of.epochs.epoch.length : Math.round((beganAt(of) ?? 0) / 20)))} ${this.end}`;
  }

  #keep(of, make) {
    const key = `${of.marks.at.length} ${of.epochs.epoch.length} ${of.epochs.seconds.last}`;
    if (this.clocks.get(of)?.key !== key) this.clocks.set(of, { key, clock: make() });
  }

  #clock(variant, member) {
    return this.clocks.get(member ?? (variant.members.length > 1 ? variant : variant.members[0])).clock;
  }

  /** Where an iteration of a variant lies, or of one of its members. */
  at(variant, iteration, member = null) {
    if (this.base === 'iteration') return iteration;
    if (this.base === 'seconds') return secondsAt(this.#clock(variant, member), iteration);
    const seen = examplesAfter(variant.schedule, iteration);
    return this.base === 'examples' ? seen : seen / variant.schedule.examples;
  }

  /** The iteration of a variant, or of one of its members, at a place; perhaps not a whole one. */
  iterationAt(variant, x, member = null) {
    if (this.base === 'iteration') return x;
    if (this.base === 'seconds') return iterationAt(this.#clock(variant, member), x);
    return iterationAfter(variant.schedule, this.base === 'examples' ? x : x * variant.schedule.examples);
  }

  /** Where an iteration of the reference lies. */
  place(iteration) {
    return this.at(this.reference, iteration, this.#member);
  }

  toReference(x) {
    return this.iterationAt(this.reference, x, this.#member);
  }

  /** Of repeats the first tells the time, as it is the first to be known. */
  get #member() {
    return this.base === 'seconds' ? this.reference.members[0] : null;
  }

  /** Where the end of an epoch of a variant lies. */
  epochEnd(variant, epoch, member = null) {
    return this.at(variant, epoch * variant.schedule.perEpoch, member);
  }

  /** Do all variants' epochs end in the same places? */
  get sharesEpochs() {
    return this.base === 'iteration' ? this.even : this.base !== 'seconds';
  }

  /** The two variants' losses are compared where they have seen as many examples, or after as many seconds. */
  get comparable() {
    return this.base !== 'iteration' || this.even;
  }

  /** The whole iterations of a variant that lie in a stretch, as [first, last]. */
  stretchOf(variant, [from, to]) {
    return [Math.max(1, Math.floor(this.iterationAt(variant, from) + 1e-9)), Math.min(variant.schedule.total, Math.ceil(this.iterationAt(variant, to) - 1e-9))];
  }
}

/** Beyond what a clock knows, at the pace up to there. */
function secondsAt(clock, iteration) {
  const last = clock.iterations.at(-1);
  return iteration <= last || last === 0 ? clock.secondsAt(iteration) : (clock.last * iteration) / last;
}

function iterationAt(clock, second) {
  const last = clock.iterations.at(-1);
  return second <= clock.last || last === 0 ? clock.iterationAt(second) : (last * second) / clock.last;
}
