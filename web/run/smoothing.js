/**
 * Debiased exponential moving average of every loss of a member, kept up as its columns grow.
 *
 * With weight w and losses x₁, x₂, …:  s = w·s + (1 − w)·x,  and what is drawn is s / (1 − wⁿ),
 * which starts at x₁ rather than at 0. Losses that are not finite are passed over, and stay gaps.
 *
 * Where losses are missing (a thinned history) it can't be reckoned on: there it goes through the points that the
 * server has smoothed over every loss (see lines.js), and on from each as far as losses follow it without a gap.
 */
import { Column } from './columns.js';
import { isWhole } from './stretch.js';
import { Pool } from './pool.js';

export class Smoothed {
  /** @param member whose columns grow */
  constructor(member, weight) {
    this.member = member;
    this.iterations = new Column();
    this.values = new Column();
    const { line } = member.smoothed;
    this.line = line && !isWhole(member, 1, member.iterations.last ?? 0) ? line : null;
    /** Its points at multiples of this many iterations are exact in any case. */
    this.stride = this.line?.stride ?? 1;
    this.setWeight(weight);
  }

  /** A line that the server has smoothed keeps its weight; another one is on its way. */
  setWeight(wanted) {
    const weight = this.line?.weight ?? wanted;
    if (weight === this.weight) return;
    this.weight = weight;
    this.iterations.clear();
    this.values.clear();
    this.next = 0;
    this.nextOfLine = 0;
    this.#from(0, 0, 0);
  }

  /** It is known at an iteration: losses that follow can be added. */
  #from(iteration, sum, mass) {
    Object.assign(this, { at: iteration, previous: iteration, sum, mass });
  }

  /** Takes in what the columns have gained since the last call. */
  update() {
    const { iterations, losses } = this.member;
    const ofLine = this.line?.iterations;
    while (this.next < losses.length) {
      const iteration = iterations.values[this.next];
      // Only up to the losses that are in view: a replay shows no more.
      while (ofLine && this.nextOfLine < ofLine.length && ofLine[this.nextOfLine] <= iteration) this.#throughLine();
      if (iteration === this.at + 1) this.#step(iteration, losses.values[this.next]);
      this.next++;
    }
    return this.values;
  }

  #throughLine() {
    const iteration = this.line.iterations[this.nextOfLine];
    const value = this.line.losses[this.nextOfLine++];
    if (iteration <= this.at) return;
    const mass = 1 - this.weight ** iteration;
    this.#from(iteration, value * mass, mass);
    this.#push(iteration, value);
  }

  #step(iteration, loss) {
    this.at = iteration;
    if (Number.isNaN(loss)) {
      this.#push(iteration, NaN);
      return;
    }
    const kept = this.weight ** (iteration - this.previous);
    this.previous = iteration;
    this.sum = kept * this.sum + (1 - kept) * loss;
    this.mass = kept * this.mass + (1 - kept);
    this.#push(iteration, this.sum / this.mass);
  }

  #push(iteration, value) {
    this.iterations.push(iteration);
    this.values.push(value);
  }
}

/**
 * The smoothed loss of a variant: that of its one member or, of several, the mean of each member's own.
 * `lines` are the members', `pool` is null for one.
 */
export class SmoothedVariant {
  constructor({ members, stride }, weight) {
    this.lines = members.map((member) => new Smoothed(member, weight));
    // At places where every line is exact.
    const grid = Math.max(...this.lines.map((line) => line.stride));
    this.pool = members.length === 1 ? null : new Pool(this.lines, Math.ceil(stride / grid) * grid);
    const { iterations, values } = this.pool ? { iterations: this.pool.iterations, values: this.pool.mean } : this.lines[0];
    Object.assign(this, { weight, iterations, values });
  }

  setWeight(weight) {
    if (weight === this.weight) return;
    this.weight = weight;
    for (const line of this.lines) line.setWeight(weight);
    this.pool?.clear();
  }

  update() {
    for (const line of this.lines) line.update();
    this.pool?.update();
    return this.values;
  }
}
