/** The images that runs are trained on, told apart by their fingerprints. */

export const DATA = {
  training: 'Training images, fingerprint',
  test: 'Test images, fingerprint',
};

const CLASSES = 'Classes, by label';

const SHOWN = 8;

/** As many of its digits as people need to tell two apart. */
export const fingerprint = (digits) => digits.slice(0, SHOWN);

/** Rows for a list of a run's settings; none while they aren't known. Digits are called what they are: that need not be said. */
export const dataFacts = (data, { digits, classes }) =>
  data ? [...(digits ? [] : [[CLASSES, classes.join(', ')]]), ...Object.keys(DATA).map((part) => [DATA[part], fingerprint(data[part])])] : [];

/** What keeps runs from being compared as if they differed in their settings alone; null if nothing does. */
export function otherData(rows) {
  const other = rows.filter((row) => row.other).map(({ part }) => part);
  if (other.length === 0) return null;
  if (other.length === 2) return 'These runs were not all trained and tested on the same images: their curves are not of one experiment.';
  return other[0] === 'test'
    ? 'These runs were not all tested on the same images: their accuracies can\u2019t be compared as those of one test set.'
    : 'These runs were not all trained on the same images, though on as many: that alone sets their curves apart.';
}
