/** Numbers as text: one way each, of steady width. */
const MINUS = '\u2212';
export const NONE = '\u2013';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const integer = (value) => whole.format(value);

export function loss(value) {
  if (value === undefined || value === null || Number.isNaN(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 100000) return value.toExponential(1).replace('e+', 'e');
  if (size >= 100) return whole.format(value);
  if (size >= 10) return value.toFixed(2);
  if (size > 0 && size < 0.00005) return value.toExponential(1);
  return value.toFixed(size < 0.01 ? 4 : 3);
}

/** More characters than this have no room beside an axis. */
const LONGEST_TICK = 6;

/** How many decimals a number has, up to six figures. */
function decimalsOf(value) {
  const [figures, power] = Number(value.toPrecision(6)).toExponential().split('e');
  return Math.max(0, figures.replace(/^-?\d\.?/, '').length - Number(power));
}

/** The shortest text of a round number: 0.001, but 1e-4. */
const short = (value) => {
  const size = Math.abs(value);
  const round = Number(value.toPrecision(3));
  return size !== 0 && (size < 0.00099 || size >= 10000) ? round.toExponential().replace('e+', 'e') : String(round);
};

/** A number of an axis: all of them with the decimals of the finest, unless they are of different sizes or would be too long. */
export function tick(value, all = [value]) {
  if (all[0] > 0 && all.at(-1) / all[0] > 100) return short(value);
  const decimals = Math.max(...all.map(decimalsOf));
  const fits = decimals < LONGEST_TICK && all.every((one) => Math.abs(one).toFixed(decimals).length <= LONGEST_TICK);
  return fits ? value.toFixed(decimals) : short(value);
}

/** A ratio as a percentage, as exact as the number of test examples makes it. */
export function percent(ratio, testExamples) {
  if (ratio === undefined || ratio === null || Number.isNaN(ratio)) return NONE;
  return `${(ratio * 100).toFixed(testExamples > 1000 ? 2 : 1)}%`;
}

export const points = (ratio, testExamples) => (ratio * 100).toFixed(testExamples > 1000 ? 2 : 1);

/** With its sign, also when positive. */
export function signed(text) {
  if (text === NONE) return text;
  if (text.startsWith('-')) return Number.parseFloat(text) === 0 ? text.slice(1) : MINUS + text.slice(1);
  return Number.parseFloat(text) === 0 ? text : `+${text}`;
}

/** Images a second: three figures are all that is stable. */
export function speed(value) {
  if (value === undefined || value === null) return NONE;
  const step = value >= 1000 ? 100 : value >= 100 ? 10 : 1;
  return whole.format(Math.round(value / step) * step);
}

/** A span of time: 3.8 s, 42 s, 4:36 min, 1:05 h. */
export function seconds(value) {
  if (value < 9.95) return `${value.toFixed(1)} s`;
  if (value < 59.5) return `${Math.round(value)} s`;
  const pair = (small, unit) => `${Math.floor(small / 60)}:${String(Math.floor(small % 60)).padStart(2, '0')} ${unit}`;
  return value < 3600 ? pair(value, 'min') : pair(value / 60, 'h');
}

const sameDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const sameYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const otherYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Today's times as 14:03, others with their day, or as a day of another year. */
export function when(rfc3339, now = new Date()) {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return NONE;
  if (date.getFullYear() !== now.getFullYear()) return otherYear.format(date);
  return (date.toDateString() === now.toDateString() ? sameDay : sameYear).format(date);
}

export function exactTime(rfc3339) {
  const date = new Date(rfc3339);
  return Number.isNaN(date.getTime()) ? NONE : full.format(date);
}
