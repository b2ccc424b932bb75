/**
 * Debiased exponential moving average of a loss column, kept up as the column grows.
 *
 * With weight w and losses x₁, x₂, …:  s = w·s + (1 − w)·x,  and what is drawn is s / (1 − wⁿ),
 * which starts at x₁ rather than at 0. Where iterations are missing (a thinned history) w is raised to
 * the distance, so that the line keeps its shape. Losses that are not finite are passed over, and stay gaps.
 */
import { Column } from './columns.js';
import { Pool } from './pool.js';

export class Smoothed {
  constructor(iterations, losses, weight) {
    this.iterations = iterations;
    this.losses = losses;
    this.values = new Column();
    this.setWeight(weight);
  }

  setWeight(weight) {
    if (weight === this.weight) return;
    this.weight = weight;
    this.values.clear();
    this.sum = 0;
    this.mass = 0;
    this.previous = 0;
  }

  /** Takes in what the columns have gained since the last call. */
  update() {
    const { iterations, losses, values, weight } = this;
    for (let index = values.length; index < losses.length; index++) {
      const loss = losses.values[index];
      if (Number.isNaN(loss)) {
        values.push(NaN);
        continue;
      }
      const iteration = iterations.values[index];
      const kept = weight ** (iteration - this.previous);
      this.previous = iteration;
      this.sum = kept * this.sum + (1 - kept) * loss;
      this.mass = kept * this.mass + (1 - kept);
      values.push(this.sum / this.mass);
    }
    return values;
  }
}

/**
 * The smoothed loss of a variant: that of its one member or, of several, the mean of each member's own.
 * `lines` are the members', `pool` is null for one.
 */
export class SmoothedVariant {
  constructor({ members, stride }, weight) {
    this.lines = members.map(({ iterations, losses }) => new Smoothed(iterations, losses, weight));
    this.pool = members.length === 1 ? null : new Pool(this.lines, stride);
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
