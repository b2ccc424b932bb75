/** What variants and runs are called. */
import { variantsOf } from '../run/variants.js';
import { settingText } from './settings.js';

/** A sentence's first letter. */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Where BatchNorm is what a run compares its variants are called by it, as in the seed; elsewhere by what they are. */
const OF_BATCH_NORM = {
  label: { none: 'Without BatchNorm', batch: 'With BatchNorm' },
  phrase: { none: 'without BatchNorm', batch: 'with BatchNorm' },
};
const OF_KINDS = {
  label: { none: 'No normalization', batch: 'BatchNorm', layer: 'LayerNorm' },
  phrase: { none: 'without normalization', batch: 'with BatchNorm', layer: 'with LayerNorm' },
};

/** The words for a variant that has no name but its normalization's; undefined for others. */
const kindOf = ({ name, normalization, ofBatchNorm }, what) => (name === normalization ? (ofBatchNorm ? OF_BATCH_NORM : OF_KINDS)[what][normalization] : undefined);

/** A variant of variants.js by itself. */
export const variantLabel = (variant) => kindOf(variant, 'label') ?? variant.name;

/** A variant within a sentence. */
export const phrase = (variant) => kindOf(variant, 'phrase') ?? `for \u201c${variant.name}\u201d`;

/** A variant in the list of a run's settings: what it differs in. */
export function variantFacts({ name, settings, differing }) {
  const fields = differing.length > 0 ? differing : ['normalization'];
  return `${name}: ${fields.map((field) => settingText(field, settings[field])).join(', ')}`;
}

/** What differs between the variants of a run, in a few words. */
export function runTitle(settings) {
  const variants = variantsOf(settings);
  const words = variants[0].ofBatchNorm ? variants.map((variant) => kindOf(variant, 'phrase')) : [];
  // BatchNorm need not be said twice.
  if (words.length > 0 && words.every(Boolean)) return capital(words.join(' / ').replace('without BatchNorm', 'without'));
  return variants.map(variantLabel).join(' / ');
}

/** What a run, or its state, is called: the name that somebody gave it, or what its variants differ in. */
export const titleOf = ({ name, settings }) => name ?? runTitle(settings);
