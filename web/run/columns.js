/**
 * A column of numbers that grows: a typed array with room to spare, and how much of it is in use.
 * Appending is amortised constant time; nothing is copied for reading.
 */
export class Column {
  constructor(room = 1024) {
    this.values = new Float64Array(room);
    this.length = 0;
  }

  push(value) {
    if (this.length === this.values.length) this.#grow(this.length + 1);
    this.values[this.length++] = value;
  }

  at(index) {
    return this.values[index];
  }

  get last() {
    return this.length === 0 ? undefined : this.values[this.length - 1];
  }

  clear() {
    this.length = 0;
  }

  #grow(atLeast) {
    const larger = new Float64Array(Math.max(atLeast, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}

/** A column that shows another's first entries, none at first; for reading alone, of one that grows no more. */
export function viewOf(column) {
  const view = new Column(0);
  view.values = column.values;
  return view;
}

/** Index of the first entry of an ascending column that is not below `value`; its length when there is none. */
export function firstAtOrAbove(column, value) {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column.values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last entry of an ascending column that is not above `value`; -1 when there is none. */
export function lastAtOrBelow(column, value) {
  const index = firstAtOrAbove(column, value);
  return index < column.length && column.values[index] === value ? index : index - 1;
}
