/** The one vertical axis that all layers share, for each kind of quantity. */
import { logTicks, roundDown, roundUp } from '../chart/scales.js';
import { QUANTITIES } from '../run/layers.js';
import { tickText } from '../text/text.js';

/** Beyond this an axis around 0 is no longer even: what explodes would leave the rest a line. */
const EVEN = 20;

const percentage = (value) => `${Math.round(value * 100)}%`;

/** @param reach the greatest absolute value so far */
export function scaleOf(quantity, reach) {
  const kind = QUANTITIES[quantity].scale;
  const scale = SCALES[kind === 'signed' && reach > EVEN ? 'uneven' : kind]();
  return { ...scale, extent: [Infinity, -Infinity], format: scale.format ?? tickText };
}

const SCALES = {
  share: () => ({ name: 'share', range: () => [0, 1], format: percentage, ticks: () => [0, 0.5, 1] }),

  log: () => ({
    name: 'log',
    log: true,
    range() {
      const [low, high] = this.extent;
      return Number.isFinite(low) ? [roundDown(low), Math.max(roundDown(low) * 10, roundUp(high))] : [0.001, 1];
    },
    ticks: (from, to) => powers(from, to),
  }),

  size: () => ({
    name: 'size',
    range() {
      const high = this.extent[1];
      return [0, Number.isFinite(high) && high > 0 ? roundUp(high) : 1];
    },
    ticks: even,
  }),

  signed: () => ({
    name: 'signed',
    range() {
      const [low, high] = this.extent;
      if (!Number.isFinite(low)) return [-1, 1];
      return [low < 0 ? -roundUp(-low) : 0, high > 0 ? roundUp(high) : 0];
    },
    ticks: even,
  }),

  uneven: () => ({
    name: 'uneven',
    asinh: 1,
    range() {
      const [low, high] = this.extent;
      return [low < 0 ? -roundUp(-low) : -1, high > 0 ? roundUp(high) : 1];
    },
    ticks: (from, to) => [...(from < 0 ? tens(-from).map((ten) => -ten).reverse() : []), 0, ...(to > 0 ? tens(to) : [])],
  }),
};

/** Round numbers, 0 among them, three or four of them. */
function even(from, to) {
  const power = 10 ** Math.floor(Math.log10((to - from) / 2));
  const step = power * [1, 2, 5, 10].find((candidate) => (to - from) / (candidate * power) <= 3.5);
  const ticks = [];
  for (let k = Math.ceil(from / step); k * step <= to + step / 1000; k++) ticks.push(k * step);
  return ticks;
}

/** Powers of ten, few enough to stand apart; on a short stretch steps between them too. */
function powers(from, to) {
  const all = logTicks(from, to).filter((tick) => Math.abs(Math.log10(tick) % 1) < 1e-6 || Math.abs(Math.abs(Math.log10(tick) % 1) - 1) < 1e-6);
  if (all.length < 2) return logTicks(from, to);
  const step = Math.ceil(all.length / 4);
  return all.filter((_, k) => k % step === 0);
}

/** 10, 100, … up to an end, three at most. */
function tens(end) {
  const all = [];
  for (let ten = 10; ten <= end; ten *= 10) all.push(ten);
  const step = Math.ceil(all.length / 3);
  return all.filter((_, k) => (all.length - 1 - k) % step === 0);
}
