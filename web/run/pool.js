/**
 * Several curves of one kind as one: at every point the mean over those that have come that far, how many these
 * are, and how far they lie apart. A curve that is not a number (any more) at a point is left out there.
 *
 * Points lie at every `stride`-th iteration; a curve with holes (a thinned history) is taken to run straight
 * between its points. What a point holds depends on the curves alone, not on the order in which they grew, to the
 * last bit. Growing by one point costs as much as there are curves.
 */
import { Column } from './columns.js';
import { margin95, spread } from './stats.js';

export class Pool {
  /** @param curves [{ iterations, values }], columns that grow; iterations rise */
  constructor(curves, stride = 1) {
    this.stride = stride;
    this.curves = curves.map((curve) => new Sampled(curve, stride));
    this.iterations = new Column(64);
    this.mean = new Column(64);
    this.n = new Column(64);
    this.sd = new Column(64);
    this.low = new Column(64);
    this.high = new Column(64);
    this.at = [];
    /** Grows whenever a point changes, also an old one. */
    this.version = 0;
  }

  get length() {
    return this.mean.length;
  }

  /** Takes in what the curves have gained since the last call. */
  update() {
    const before = this.curves.map((curve) => curve.values.length);
    const longest = this.curves.reduce((most, curve) => Math.max(most, curve.update()), 0);
    while (this.length < longest) this.#push((this.length + 1) * this.stride);
    this.curves.forEach((curve, index) => {
      if (curve.values.length > before[index]) this.version++;
      for (let k = before[index]; k < curve.values.length; k++) this.#reckon(k);
    });
  }

  /** The curves hold less than before: all is taken in anew by the next update. */
  clear() {
    for (const column of [this.iterations, this.mean, this.n, this.sd, this.low, this.high]) column.clear();
    for (const curve of this.curves) curve.clear();
    this.version++;
  }

  /** What is known of a point: { n, mean, sd, low, high }. */
  of(k) {
    return { n: this.n.at(k), mean: this.mean.at(k), sd: this.sd.at(k), low: this.low.at(k), high: this.high.at(k) };
  }

  #push(iteration) {
    this.iterations.push(iteration);
    for (const column of [this.mean, this.sd, this.low, this.high]) column.push(NaN);
    this.n.push(0);
  }

  #reckon(k) {
    const { at } = this;
    at.length = 0;
    for (const { values } of this.curves) if (k < values.length && !Number.isNaN(values.values[k])) at.push(values.values[k]);
    const { n, mean, sd, low, high } = spread(at);
    this.n.values[k] = n;
    this.mean.values[k] = mean;
    this.sd.values[k] = sd;
    this.low.values[k] = low;
    this.high.values[k] = high;
  }
}

/** One curve read at every `stride`-th iteration, as far as it has come. */
class Sampled {
  constructor({ iterations, values }, stride) {
    this.source = { iterations, values };
    this.stride = stride;
    this.values = new Column(64);
    this.next = 0;
  }

  clear() {
    this.values.clear();
    this.next = 0;
  }

  /** @returns how many points there are now */
  update() {
    const { iterations, values } = this.source;
    const count = Math.min(iterations.length, values.length);
    const last = count === 0 ? 0 : iterations.values[count - 1];
    for (let x = (this.values.length + 1) * this.stride; x <= last; x += this.stride) {
      while (iterations.values[this.next] < x) this.next++;
      this.values.push(valueAt(iterations.values, values.values, this.next, x));
    }
    return this.values.length;
  }
}

/** @param right the first index whose x is not below `x` */
function valueAt(xs, ys, right, x) {
  if (xs[right] === x || right === 0) return ys[right];
  const share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
  return ys[right - 1] + share * (ys[right] - ys[right - 1]);
}

/** The edges of a band around the mean, as columns; a point of fewer than two curves has none. */
export function edgesOf(pool, kind) {
  const low = new Column(Math.max(1, pool.length));
  const high = new Column(Math.max(1, pool.length));
  for (let k = 0; k < pool.length; k++) {
    const n = pool.n.values[k];
    if (kind === 'range' || n < 2) {
      low.push(n < 2 ? NaN : pool.low.values[k]);
      high.push(n < 2 ? NaN : pool.high.values[k]);
      continue;
    }
    const half = kind === 'sd' ? pool.sd.values[k] : margin95(n, pool.sd.values[k]);
    low.push(pool.mean.values[k] - half);
    high.push(pool.mean.values[k] + half);
  }
  return { low, high };
}
