/** Means, spreads, t intervals: pure functions of numbers. */

/**
 * Of some numbers their count, mean, standard deviation (n − 1 below the line; NaN for fewer than two),
 * lowest and highest. NaN for none.
 */
export function spread(values) {
  const n = values.length;
  if (n === 0) return { n: 0, mean: NaN, sd: NaN, low: NaN, high: NaN };
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < n; k++) {
    const value = values[k];
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // Rounding may put the mean of equal numbers beside them.
  const mean = Math.min(high, Math.max(low, sum / n));
  if (n === 1) return { n, mean, sd: NaN, low, high };
  let squares = 0;
  for (let k = 0; k < n; k++) squares += (values[k] - mean) ** 2;
  return { n, mean, sd: Math.sqrt(squares / (n - 1)), low, high };
}

/** Student's t that 97.5% lie below, by degrees of freedom from 1 to 30; beyond, from the series below. */
const T975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199,
  2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];
const Z975 = 1.959964;

/** Student's t for a 95% interval. */
export function t95(freedom) {
  if (freedom < 1) return NaN;
  if (freedom <= T975.length) return T975[freedom - 1];
  return Z975 + (Z975 ** 3 + Z975) / (4 * freedom) + (5 * Z975 ** 5 + 16 * Z975 ** 3 + 3 * Z975) / (96 * freedom ** 2);
}

/** Half the width of the 95% interval of a mean of `n` numbers with standard deviation `sd`; NaN for fewer than two. */
export const margin95 = (n, sd) => (n < 2 ? NaN : (t95(n - 1) * sd) / Math.sqrt(n));

/** What is drawn around a mean. */
export const BANDS = ['range', 'sd', 'interval'];

/** The band [low, high] around a mean; none ([NaN, NaN]) for fewer than two numbers. */
export function bandOf(kind, { n, mean, sd, low, high }) {
  if (n < 2) return [NaN, NaN];
  if (kind === 'range') return [low, high];
  const half = kind === 'sd' ? sd : margin95(n, sd);
  return [mean - half, mean + half];
}

/**
 * The paired t test of differences against 0: `apart` says whether the 95% interval of their mean leaves 0 out.
 * Fewer than two differences tell nothing.
 */
export function pairedTest(differences) {
  const of = spread(differences);
  const margin = margin95(of.n, of.sd);
  return { ...of, margin, from: of.mean - margin, to: of.mean + margin, apart: of.n >= 2 && Math.abs(of.mean) > margin };
}

/**
 * Fisher's exact test, two-sided: how probable so uneven a split is by chance, when `a` of `m` and `b` of `n` have
 * what is counted.
 */
export function fisher(a, m, b, n) {
  const all = a + b;
  const chances = [];
  for (let k = Math.max(0, all - n); k <= Math.min(all, m); k++) chances.push({ k, log: logChoose(m, k) + logChoose(n, all - k) - logChoose(m + n, all) });
  const own = chances.find(({ k }) => k === a).log;
  return Math.min(1, chances.filter(({ log }) => log <= own + 1e-9).reduce((sum, { log }) => sum + Math.exp(log), 0));
}

function logChoose(n, k) {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log(n - k + i) - Math.log(i);
  return log;
}
