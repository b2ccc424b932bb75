/**
 * Which colour and line a variant has: blue without normalization, vermilion with Batch Normalization,
 * the others for what more there is. A colour never stands alone: each has its own line.
 */
const INK = ['blue', 'vermilion', 'green', 'purple', 'amber', 'sky'];
const DASH = { blue: [7, 4], vermilion: [], green: [2, 3], purple: [10, 3, 2, 3], amber: [14, 4], sky: [6, 2, 2, 2, 2, 2] };
const HOME = { none: 'blue', batch: 'vermilion' };

/** One ink for each variant of a run, in order; `variants` as variants.js has them. */
export function inks(variants) {
  const taken = new Set();
  const chosen = variants.map(({ normalization }) => {
    const home = HOME[normalization];
    if (!home || taken.has(home)) return null;
    taken.add(home);
    return home;
  });
  const rest = [...INK.slice(2), ...INK.slice(0, 2)].filter((ink) => !taken.has(ink));
  return chosen.map((ink) => ink ?? rest.shift() ?? INK[0]);
}

export const dashOf = (ink) => DASH[ink];

const resolved = new Map();
let probe = null;
let paper = '';

/** Paper is light, whatever the theme. */
export const onPaper = (printing) => (paper = printing ? 'light' : '');

/** The colour a custom property of the style sheet has in the theme of the moment, or in a given one. */
export function colour(name, theme = paper) {
  const key = name + theme;
  if (!resolved.has(key)) {
    if (!probe) {
      probe = document.createElement('i');
      probe.hidden = true;
      document.body.append(probe);
    }
    probe.style.colorScheme = theme;
    probe.style.color = `var(--${name})`;
    resolved.set(key, getComputedStyle(probe).color);
  }
  return resolved.get(key);
}

export const forgetColours = () => resolved.clear();
