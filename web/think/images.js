/** Images as numbers: from a drawing to what MNIST would have made of it. No DOM. */
export const SIDE = 28;

/** Grey values of an image. */
export const PIXELS = SIDE * SIDE;

/** MNIST fits a digit into so many pixels, and puts its centre of mass in the middle of the image. */
const BOX = 20;
const MIDDLE = SIDE / 2;

/** Less ink than this is none. */
const FAINT = 0.05;

/**
 * @param ink  size × size, row by row, from 0 (ground) to 1 (ink)
 * @returns grey values from 0 to 255, or null if nothing is drawn
 */
export function centred(ink, size) {
  const extent = extentOf(ink, size);
  if (!extent) return null;
  const { left, right, top, bottom, x, y } = extent;
  const scale = BOX / Math.max(right - left, bottom - top);
  // The middle of a drawing whose mass lies far to one side would push it over the edge.
  const from = [within(x, left, right, scale), within(y, top, bottom, scale)];
  const image = new Uint8Array(PIXELS);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const at = (k, axis) => (k - MIDDLE) / scale + from[axis];
      image[row * SIDE + column] = Math.round(255 * mean(ink, size, at(column, 0), at(column + 1, 0), at(row, 1), at(row + 1, 1)));
    }
  }
  return image;
}

/** The box around the ink, and its centre of mass. */
function extentOf(ink, size) {
  let [left, right, top, bottom, mass, x, y] = [size, 0, size, 0, 0, 0, 0];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = ink[row * size + column];
      if (value < FAINT) continue;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      mass += value;
      x += value * (column + 0.5);
      y += value * (row + 0.5);
    }
  }
  return mass === 0 ? null : { left, right, top, bottom, x: x / mass, y: y / mass };
}

/** The point that goes to the middle, such that the whole box stays in the image. */
function within(centre, low, high, scale) {
  const room = MIDDLE / scale;
  return Math.min(low + room, Math.max(high - room, centre));
}

/** The mean ink of a rectangle; outside of the drawing there is none. */
function mean(ink, size, left, right, top, bottom) {
  let sum = 0;
  let count = 0;
  for (let row = Math.floor(top); row < Math.max(bottom, Math.floor(top) + 1); row++) {
    for (let column = Math.floor(left); column < Math.max(right, Math.floor(left) + 1); column++) {
      count++;
      if (row >= 0 && column >= 0 && row < size && column < size) sum += ink[row * size + column];
    }
  }
  return sum / count;
}

/** The class of highest probability; null where they are no numbers. */
export function bestOf(probabilities) {
  let best = null;
  probabilities.forEach((value, label) => {
    if (Number.isFinite(value) && (best === null || value > probabilities[best])) best = label;
  });
  return best;
}

/** Who of a pair is wrong where, in the order in which the pair is asked for; null if it isn't known. */
export function wrongOf(table, [first, second]) {
  const pair = table?.pairs.find(({ variants }) => variants.includes(first) && variants.includes(second));
  if (!pair) return null;
  const turned = pair.variants[0] !== first;
  return {
    first: turned ? pair.onlySecondWrong : pair.onlyFirstWrong,
    second: turned ? pair.onlyFirstWrong : pair.onlySecondWrong,
    both: pair.bothWrong,
  };
}
