/** Axis ranges that grow in steps and do not jitter, and the ticks that go with them. */
import { tick } from '../text/numbers.js';

const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The smallest round number that is not below `value`. */
export function roundUp(value) {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = NICE.find((candidate) => candidate * power >= value * (1 - 1e-9));
  return step * power;
}

/** The largest round number that is not above `value`. */
export function roundDown(value) {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = NICE.findLast((candidate) => candidate * power <= value * (1 + 1e-9));
  return step * power;
}

/** Guessing among ten classes costs ln 10 = 2.30 nats: an untrained network starts about there. */
const GUESSING = 2.5;

/** A logarithmic axis of losses goes no further down: the mean of losses that have become 0 fades without end. */
const LEAST = 1e-12;

/**
 * The least and the greatest of curves; on a logarithmic axis the least that has a place on it.
 * @returns { low, high, under }; under: some have none
 */
export function lossExtent(curves, log) {
  const extent = { low: Infinity, high: -Infinity, under: false };
  for (const ys of curves) {
    for (let k = 0; k < ys.length; k++) {
      const y = ys[k];
      if (y == null) continue;
      if (y > extent.high) extent.high = y;
      if (log && y < LEAST) extent.under = true;
      else if (y < extent.low) extent.low = y;
    }
  }
  return extent;
}

/** The loss axis: from 0 over the whole run, close around what is in view when zoomed. */
export function lossRange({ low, high, under = false, zoomed, log }) {
  if (log) {
    const least = under && low === Infinity ? LEAST : low;
    const bottom = roundDown(zoomed && Number.isFinite(least) ? least : Math.min(least, 0.1));
    // What lies under the axis is drawn on its lower end, whose number says so.
    const from = under ? 10 ** Math.floor(Math.log10(bottom) + 1e-9) : bottom;
    return [from, roundUp(Math.max(high, zoomed && Number.isFinite(low) ? from * 2 : GUESSING))];
  }
  if (!zoomed || !Number.isFinite(low)) return [0, Math.max(GUESSING, roundUp(Number.isFinite(high) ? high : 0))];
  // No narrower than its numbers can tell.
  const span = Math.max(high - low, high / 20) || 0.5;
  const step = roundUp(span / 5);
  const first = Math.max(0, Math.floor(low / step));
  const last = Math.ceil(high / step + 1e-9);
  return [first * step, (high - low < span ? Math.max(last, first + 5) : last) * step];
}

/** A curve on a logarithmic axis from `bottom` on: what lies under it, 0 too, lies on its lower end. */
export const floored = (ys, bottom) => ys.map((y) => (typeof y === 'number' && y < bottom ? bottom : y));

/** A number of a loss axis. */
export const lossTick = ([from], { under }, value, all) => (under && value <= from * 1.000001 ? `\u2264${tick(value, all)}` : tick(value, all));

/** The accuracy axis: from 80% to 100%, downwards by tens when a network is worse. */
export function accuracyRange(low) {
  const bottom = Number.isFinite(low) ? Math.floor(low * 10 + 1e-9) / 10 : 0.8;
  return [Math.max(0, Math.min(0.8, bottom)), 1];
}

/** Numbers nearer to each other than this touch. */
const APART = 20;

/** 1, 2, 5, 10, 20, … between two positive ends; powers of ten alone, or some of them, where there is no room for more; between ends near each other even steps. */
export function logTicks(from, to, pixels = Infinity) {
  const decades = Math.log10(to / from);
  const most = pixels / APART;
  const steps = decades > 3 || decades * 3 > most ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil(decades / most));
  const ticks = [];
  for (let power = Math.floor(Math.log10(from) + 1e-9); power <= Math.log10(to); power += every) {
    for (const step of steps) {
      const value = Number(`${step}e${power}`);
      if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9)) ticks.push(value);
    }
  }
  return ticks.length > 2 ? ticks : evenTicks(from, to);
}

/** About five round numbers of a range. */
function evenTicks(from, to) {
  const step = roundUp((to - from) / 5);
  const ticks = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to * (1 + 1e-9); k++) ticks.push(Number((k * step).toPrecision(10)));
  return ticks;
}

/** Ends of epochs as iterations, so far apart that their numbers do not touch. */
export function epochTicks(from, to, perEpoch, pixels) {
  const room = Math.max(1, Math.floor(pixels / 44));
  const count = (to - from) / perEpoch;
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  const step = steps.find((candidate) => count / candidate <= room) ?? 1000;
  const ticks = [];
  for (let epoch = Math.ceil(from / perEpoch / step) * step; epoch * perEpoch <= to + 1e-9; epoch += step) {
    ticks.push(epoch * perEpoch);
  }
  return ticks;
}

/** An axis around 0, each side as far as its values reach, in round steps, and no narrower than `least` in all. */
export function differenceRange(low, high, least) {
  const below = Number.isFinite(low) && low < 0 ? roundUp(-low * 1.05) : 0;
  const above = Number.isFinite(high) && high > 0 ? roundUp(high * 1.05) : 0;
  const margin = Math.max(above, below, least) / 4;
  return [-Math.max(below, margin), Math.max(above, margin)];
}
