/** What repeats come to, as rows to take away: of every point how many repeats, their mean and how far they lie apart. */
import { margin95 } from './stats.js';

const COLUMNS = ['variant', 'what', 'iteration', 'epoch', 'n', 'mean', 'sd', 'lowest', 'highest', 'interval95_from', 'interval95_to'];

/** Of a run with repeats: training loss of every iteration in nats, test accuracy of every epoch as a ratio. */
export function bandRows({ variants }) {
  return variants.flatMap(({ name, epochs, pools, schedule }) => [
    ...rowsOf(pools.losses, (k) => ({ variant: name, what: 'train_loss', iteration: pools.losses.iterations.at(k), epoch: Math.ceil(pools.losses.iterations.at(k) / schedule.perEpoch) })),
    ...rowsOf(pools.epochs.testAccuracy, (k) => ({ variant: name, what: 'test_accuracy', iteration: epochs.iteration.at(k), epoch: k + 1 })),
  ]);
}

function rowsOf(pool, place) {
  return Array.from({ length: pool.length }, (_, k) => {
    const { n, mean, sd, low, high } = pool.of(k);
    const margin = margin95(n, sd);
    const numbers = { mean, sd, lowest: low, highest: high, interval95_from: mean - margin, interval95_to: mean + margin };
    // What is not known is null, also in JSON.
    const known = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number.isFinite(value) ? Number(value.toPrecision(7)) : null]));
    return { ...place(k), n, ...known };
  });
}

export function csvOf(rows) {
  const cell = (value) => (value === null ? '' : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))].map((cells) => cells.map(cell).join(',')).join('\n') + '\n';
}
