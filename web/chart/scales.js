/** Axis ranges that grow in steps and do not jitter, and the ticks that go with them. */
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

/** The loss axis: from 0 over the whole run, close around what is in view when zoomed. */
export function lossRange({ low, high, zoomed, log }) {
  if (log && zoomed && Number.isFinite(low)) return [roundDown(Math.max(1e-6, low)), roundUp(Math.max(2e-6, high))];
  if (log) return [roundDown(Math.max(1e-6, Math.min(low, 0.1))), roundUp(Math.max(high, GUESSING))];
  if (!zoomed || !Number.isFinite(low)) return [0, Math.max(GUESSING, roundUp(Number.isFinite(high) ? high : 0))];
  const step = roundUp((high - low) / 5 || high / 5 || 0.1);
  return [Math.max(0, Math.floor(low / step) * step), Math.ceil(high / step + 1e-9) * step];
}

/** The accuracy axis: from 80% to 100%, downwards by tens when a network is worse. */
export function accuracyRange(low) {
  const bottom = Number.isFinite(low) ? Math.floor(low * 10 + 1e-9) / 10 : 0.8;
  return [Math.max(0, Math.min(0.8, bottom)), 1];
}

/** 1, 2, 5, 10, 20, … between two positive ends. */
export function logTicks(from, to) {
  const ticks = [];
  const wide = Math.log10(to / from) > 3;
  for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
    for (const step of wide ? [1] : [1, 2, 5]) {
      const tick = step * 10 ** power;
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick);
    }
  }
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
