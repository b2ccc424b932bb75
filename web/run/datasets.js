/** What the server's datasets are of: told once by the server, and what a run's own data say beyond that. No DOM. */

/** Known without the server: what all runs were of before there were other datasets. */
const MNIST = 'mnist';
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(String);

let known = new Map();

/** @param datasets as the server lists them */
export function knowDatasets(datasets) {
  known = new Map(datasets.map((dataset) => [dataset.name, dataset]));
}

/** As the server describes it; undefined if it has none of this name. */
export const datasetOf = (name) => known.get(name);

/** Those that runs can be trained on, and those that have a fault. */
export const allDatasets = () => [...known.values()];

/**
 * What the images of a run show.
 *
 * @returns { digits, title, classes }: whether they are digits, and what the classes are called, by label
 */
export function imagesOf({ settings, data }) {
  const { dataset = MNIST } = settings;
  const told = datasetOf(dataset);
  const count = settings.classes ?? DIGITS.length;
  const named = [data?.classes, told?.classes].find((names) => names?.length === count);
  return {
    digits: (told?.item ?? (dataset === MNIST ? 'digit' : 'image')) === 'digit',
    title: told?.title ?? (dataset === MNIST ? 'MNIST' : dataset),
    classes: named ?? Array.from({ length: count }, (_, label) => String(label)),
  };
}
