/** The words of the section that looks inside the layers. */
import { variantLabel } from './names.js';
import { NONE, integer, tick } from './numbers.js';

export const LENS = {
  off: 'This run was not looked into. Tick \u201cLook inside\u201d under More settings before you start one: it costs little.',
  none: 'Nothing was seen in this run\u2019s layers.',
  waiting: 'The first look comes with the first iteration.',
  layer: (number) => `Layer ${number}`,
  /** @param most of other variants */
  units: (least, most) => (most === 1 ? '1 unit' : `${integer(least)}${least === most ? '' : ` to ${integer(most)}`} units`),
  repeat: (number, seed) => `Repeat ${number}, seed ${seed}`,
  epoch: (epoch) => `after epoch ${integer(epoch)}`,
  noEpoch: 'no epoch yet',
  histograms: (variants) => `Enters the ${activationOf(variants)}`,
  hint: (variants) => `The curves have one axis for all layers. The histograms are of the first 250 test images${some(variants, 'batch') ? `, ${variants.every(({ normalization }) => normalization !== 'layer') ? '' : 'with BatchNorm '}normalized by the running statistics` : ''}: one axis for all layers and epochs, equal areas; a peak more than four times as high as ${variants.length === 2 ? 'the other' : 'another'} is cut off.`,
  bins: (layer, when, variants) => `Histogram of what enters the ${activationOf(variants)} in layer ${layer}, ${when}`,
  beyond: (share, side) => `${share < 0.01 ? '<1' : Math.round(share * 100)}% ${side}`,
};

const all = (variants, field, ...values) => variants.every(({ settings }) => values.includes(settings[field]));
const some = (variants, value) => variants.some(({ normalization }) => normalization === value);
const activationOf = (variants) => (all(variants, 'activation', 'relu') ? 'ReLU' : 'activation');

/** What there is to see of a run's variants, and what to look for in it: { name, marks, why }. */
export function quantityText(quantity, variants) {
  const { name, marks, why } = QUANTITY[quantity];
  const of = (words) => (typeof words === 'function' ? words(variants) : words);
  return { name: of(name), marks: of(marks), why: of(why) };
}

const QUANTITY = {
  input: {
    name: (variants) => `What enters the ${activationOf(variants)}`,
    marks: 'line: median; band: the middle 70%',
    why: (variants) => {
      const held = 'Nothing holds this distribution in place while the layers before it learn';
      const together = 'centres and scales the units of a layer together, image by image, and leaves single units free to drift.';
      const layerNorm = some(variants, 'layer') ? ` Layer Normalization ${together}` : '';
      if (!some(variants, 'batch')) return layerNorm ? `${held} but what normalizes it.${layerNorm}` : `${held}: it drifts as they do.`;
      return `${held}, except Batch Normalization: that centres and scales it in every batch, and lets it move only by \u03b3 and \u03b2. The drift is what its authors called internal covariate shift; whether that is why BatchNorm helps is disputed.${layerNorm}`;
    },
  },
  sum: {
    name: 'Sums, before any normalization',
    marks: 'line: mean; band: one standard deviation to each side',
    why: (variants) => {
      const made = 'What the weights make of a layer\u2019s input.';
      const compare = `compare with what enters the ${activationOf(variants)}.`;
      if (some(variants, 'batch')) return `${made} With BatchNorm their mean and size are taken out again in the next moment, so they may wander freely: ${compare}`;
      return some(variants, 'layer') ? `${made} With LayerNorm the mean and size over a layer\u2019s units are taken out again in the next moment: ${compare}` : `${made} Without a normalization it is what enters the ${activationOf(variants)} as it is.`;
    },
  },
  dead: {
    name: 'Units that are off',
    marks: 'share of units that are 0 for every image of the batch',
    why: (variants) => {
      const off = 'A unit that is off for the whole batch passes nothing on, and learns nothing from it.';
      const centred = some(variants, 'batch') ? ' BatchNorm centres each unit on the batch, so it can be off only if \u03b2 has sunk far below 0.' : '';
      return off + centred + (all(variants, 'activation', 'relu') ? '' : ' Told of networks with ReLU: other activations do not switch a unit off.');
    },
  },
  gradient: {
    name: 'Gradient norm',
    marks: 'of the loss by the layer\u2019s weights, logarithmic axis',
    why: (variants) => {
      const adaptive = all(variants, 'optimizer', 'adam', 'adamw', 'rmsprop');
      const pulls = 'How strongly the loss pulls at each layer. Where the first layers lie far below the last ones, the gradient vanishes on its way back.';
      if (adaptive) return `${pulls} ${all(variants, 'optimizer', 'adam') ? 'Adam makes' : 'Adam and RMSprop make'} up for much of that: see the size of ${all(variants, 'optimizer', 'adam') ? 'its' : 'their'} steps.`;
      return `${pulls} An optimizer whose steps are as long as the gradient then hardly moves them: see the size of a step.`;
    },
  },
  update: {
    name: 'Size of a step',
    marks: 'length of a step divided by the length of the weights, logarithmic axis',
    why: 'As a rule of thumb a thousandth is healthy: far above a hundredth the weights are shaken more than taught, far below a ten-thousandth they hardly move.',
  },
  gap: {
    name: 'Batch against running statistics',
    marks: 'bold: distance of the means; thin: of the standard deviations; both in running standard deviations',
    why: 'In training BatchNorm uses each batch\u2019s own mean and variance, afterwards the running ones. These start at 0 and 1 and take a tenth of each batch, so the gap first closes; what remains is the noise of a batch, and that is large when the batch is small.',
  },
  gamma: {
    name: 'Scale \u03b3 of BatchNorm',
    marks: 'line: mean over the units; band: least to greatest',
    why: 'By how much each unit is stretched after it was normalized. It begins at 1; where it grows, the layer asks for a wider distribution than it was given.',
  },
  beta: {
    name: 'Shift \u03b2 of BatchNorm',
    marks: 'line: mean over the units; band: least to greatest',
    why: 'Where each unit\u2019s distribution is centred after it was normalized. It begins at 0; the further below 0, the more rarely the unit is on.',
  },
};

const minus = (text) => text.replaceAll('-', '\u2212');
const tiny = (size) => size !== 0 && (size < 0.001 || size >= 10_000);
const powerOf = (value) => value.toExponential(0).replace('e+', 'e');

/** A number of any size in few characters: two figures, or all before the point. */
export function compact(value) {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  return minus(tiny(size) ? powerOf(value) : size >= 99.5 ? value.toFixed(0) : size >= 9.95 ? String(Number(value.toPrecision(2))) : value.toPrecision(2));
}

/** A round number on an axis. */
export const tickText = (value) => minus(tick(value));

const share = (value) => (Number.isFinite(value) ? `${Number((value * 100).toPrecision(value >= 0.0995 ? 2 : 1))}%` : NONE);

/** A value with its band, as a row of the section shows it. */
export function valueText(quantity, value) {
  if (!value) return '';
  if (quantity === 'dead') return share(value.line);
  if (quantity === 'update') return compact(value.line);
  if (quantity === 'gap') return `${compact(value.line)}, ${compact(value.thin)}`;
  return value.low === null ? compact(value.line) : `${compact(value.line)} (${compact(value.low)} to ${compact(value.high)})`;
}

const span = ({ low, high }) => `${compact(low)} to ${compact(high)}`;

/**
 * What was seen, in plain numbers.
 * @param of for each variant { variant, first, last, off, ratios, steps }, as lensfacts.js has them
 */
export function seenText(quantity, { layer, layers, of }) {
  if (of.length === 0) return '';
  const iterations = of.map(({ iteration }) => iteration);
  const together = iterations.every((iteration) => iteration === iterations[0]);
  // After as many examples each has its own.
  const { head, words } = SEEN[quantity](layer, together ? integer(iterations[0]) : 'that in brackets', layers > 1 ? ', which moved most,' : ',');
  return `${head} ${of.map((one) => `${variantLabel(one.variant)}${together ? '' : ` (${integer(one.iteration)})`}: ${words(one)}.`).join(' ')}`;
}

const became = (before, after) => `${before} became ${after}`;
const halfOfBand = ({ low, high }) => compact((high - low) / 2);
const percentOf = (value) => `${compact(value * 100)}%`;

const SEEN = {
  input: (layer, now, most) => ({ head: `The middle 70% in layer ${layer}${most} from iteration 1 to ${now}.`, words: ({ variant, first, last }) => became(span(first), span(last)) + (last.high < 0 && variant.settings.activation === 'relu' ? ', where a ReLU lets nothing through' : '') }),
  sum: (layer, now, most) => ({ head: `The standard deviation in layer ${layer}${most} from iteration 1 to ${now}.`, words: ({ first, last }) => became(halfOfBand(first), halfOfBand(last)) }),
  dead: (layer, now) => ({ head: `Off, of all hidden units, at iteration ${now}.`, words: ({ off }) => share(off) }),
  gradient: (layer, now) =>
    layer === 1
      ? { head: `From iteration 1 to ${now}.`, words: ({ first, last }) => became(compact(first.line), compact(last.line)) }
      : { head: `The gradient of layer 1 as a multiple of that of layer ${layer}, from iteration 1 to ${now}.`, words: ({ ratios }) => became(...ratios.map(compact)) },
  update: (layer, now) => ({
    head: `By how much a step changes the weights of a layer, at iteration ${now}.`,
    words: ({ steps: [least, greatest] }) => (least === greatest ? percentOf(least) : `${percentOf(least)} to ${percentOf(greatest)}`),
  }),
  gap: (layer, now) => ({
    head: `In layer ${layer}, from iteration 1 to ${now}.`,
    words: ({ first, last }) => `the gap of the means, ${became(compact(first.line), compact(last.line))}; of the standard deviations, ${became(compact(first.thin), compact(last.thin))}`,
  }),
  gamma: (layer, now) => ({ head: `In layer ${layer}, at iteration ${now}.`, words: ({ last }) => `from ${span(last)}` }),
  beta: (layer, now) => ({ head: `In layer ${layer}, at iteration ${now}.`, words: ({ last }) => `from ${span(last)}` }),
};
