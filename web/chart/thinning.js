/**
 * Which points are drawn. A window of iterations is cut into equal buckets, about one for each pixel;
 * a bucket of one iteration shows that point, a wider one its minimum and its maximum in the order
 * they came. Nothing is random, and a point once drawn stays while the window stays.
 */
import { firstAtOrAbove } from '../run/columns.js';

/** The grid of a window [from, to] of iterations on `pixels` pixels: every point up to two a pixel. */
export function gridOf(from, to, pixels) {
  const first = Math.max(1, Math.floor(from));
  const last = Math.max(first, Math.ceil(to));
  const span = last - first + 1;
  const width = span <= 2 * pixels ? 1 : Math.ceil(span / pixels);
  const slots = width === 1 ? 1 : 2;
  return { first, last, width, slots, length: Math.ceil(span / width) * slots };
}

/** The same of a window in other units than iterations: two slots for each pixel, wherever the points lie. */
export function gridOver(from, to, pixels) {
  const count = Math.max(1, Math.round(pixels));
  return { first: from, last: to, width: (to - from) / count, slots: 2, length: 2 * count };
}

export const sameGrid = (a, b) => a !== null && b !== null && a.first === b.first && a.last === b.last && a.width === b.width && a.slots === b.slots;

/** The x of every slot of a grid. */
export function slotPlaces(grid) {
  const xs = new Array(grid.length);
  for (let slot = 0; slot < grid.length; slot++) {
    xs[slot] = grid.first + (slot / grid.slots) * grid.width;
  }
  return xs;
}

/** One curve on a grid, filled as its column grows: undefined = no point, null = a gap. */
export class Thinned {
  /**
   * @param coarse so many buckets are taken together: a thick line can't show what a thin one can
   * @param place  (iteration) → its x, which rises, on a grid that is not one of iterations
   */
  constructor(grid, iterations, column, coarse = 1, place = null) {
    this.grid = grid;
    this.coarse = grid.slots === 1 ? 1 : coarse;
    this.iterations = iterations;
    this.column = column;
    this.ys = new Array(grid.length).fill(undefined);
    this.drawn = 0;
    this.place = place;
    this.next = place ? firstWhere(iterations, (iteration) => place(iteration) >= grid.first) : firstAtOrAbove(iterations, grid.first);
  }

  /** Takes in what the column has gained; work is proportional to the gain. */
  update() {
    const { grid, column, ys } = this;
    const most = Math.ceil(grid.length / grid.slots / this.coarse) - 1;
    let index = this.next;
    while (index < column.length && this.#x(index) <= grid.last) {
      const bucket = Math.max(0, Math.min(most, Math.floor((this.#x(index) - grid.first) / (grid.width * this.coarse))));
      if (grid.slots === 1) {
        const value = column.values[index++];
        ys[bucket] = Number.isNaN(value) ? null : value;
        if (ys[bucket] !== null) this.drawn++;
        this.next = index;
      } else {
        index = this.#fill(bucket, index);
      }
    }
    return ys;
  }

  #x(index) {
    const iteration = this.iterations.values[index];
    return this.place ? this.place(iteration) : iteration;
  }

  /** Fills one bucket from the entry `start` on; a bucket not yet full is filled again next time. */
  #fill(bucket, start) {
    const { grid, iterations, column, ys } = this;
    // The last bucket of a window holds its end.
    const last = this.place && (bucket + 1) * grid.slots * this.coarse >= grid.length;
    const end = last ? grid.last + grid.width * 1e-6 : grid.first + (bucket + 1) * grid.width * this.coarse;
    let low = -1;
    let high = -1;
    let index = start;
    for (; index < column.length && (index === start || this.#x(index) < end); index++) {
      const value = column.values[index];
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < column.values[low]) low = index;
      if (high < 0 || value > column.values[high]) high = index;
    }
    const slot = bucket * 2 * this.coarse;
    const other = Math.min(slot + this.coarse, ys.length - 1);
    this.drawn -= count(ys, slot, other);
    ys[slot] = low < 0 ? null : column.values[Math.min(low, high)];
    if (other > slot) ys[other] = low < 0 ? null : low === high ? undefined : column.values[Math.max(low, high)];
    this.drawn += count(ys, slot, other);
    const full = index < column.length || (!this.place && iterations.values[index - 1] === end - 1);
    this.next = full ? index : start;
    return index;
  }
}

function firstWhere({ values, length }, met) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (met(values[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

const count = (ys, slot, other) => (ys[slot] == null ? 0 : 1) + (other === slot || ys[other] == null ? 0 : 1);

/** How far a curve goes up and down in all, in heights of its range: dashes of a line that never rests are noise. */
export function unrest(ys, [low, high]) {
  let sum = 0;
  let before = null;
  for (const y of ys) {
    if (y == null) continue;
    if (before !== null) sum += Math.abs(y - before);
    before = y;
  }
  return sum / (high - low || 1);
}
