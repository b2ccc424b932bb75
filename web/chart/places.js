/** The horizontal axis that the charts share, as a chart draws it: its numbers, and what they count. */
import { integer } from '../text/numbers.js';
import { CHART } from '../text/text.js';
import { epochTicks } from './scales.js';

/** What an axis counts, in a word. */
export const nameOf = (base) => CHART.base[base];

/** Numbers of an axis: thousands and millions of examples are short, parts of epochs and of seconds have their figures. */
const format = {
  iteration: integer,
  examples: (value) => (value >= 1e6 ? `${Number((value / 1e6).toPrecision(6))}M` : integer(value)),
  epoch: (value) => String(Number(value.toPrecision(5))),
  seconds: (value) => `${Number(value.toPrecision(4))} s`,
};

/** The x of newPlot, over whatever the view's axis counts at the time. */
export const xAxis = (view) => ({
  range: () => view.window(),
  format: (value) => format[view.axis.base](value),
  fractions: view.axis.base === 'epoch' || view.axis.base === 'seconds',
});

/** Of results of whole epochs: those are numbered, where all variants' epochs end alike. */
export const epochAxis = (view) => {
  const { axis } = view;
  if (!countsEpochs(axis)) return xAxis(view);
  const length = axis.epochEnd(axis.reference, 1);
  return { range: () => view.window(), ticks: (from, to, pixels) => epochTicks(from, to, length, pixels), format: (x) => integer(Math.round(x / length)) };
};

export const countsEpochs = ({ base, even }) => base === 'epoch' || (base === 'iteration' && even);

export const epochName = (axis) => nameOf(countsEpochs(axis) ? 'epoch' : axis.base);

/** An axis as a picture draws it, over a window. */
export const pictured = (axis, [from, to], steps, pixels, ofEpochs = false) => {
  const view = { axis, window: () => [from, to] };
  const x = ofEpochs ? epochAxis(view) : xAxis(view);
  const ticks = x.ticks ? x.ticks(from, to, pixels) : steps(from, to).filter((place) => x.fractions || Number.isInteger(place));
  return { from, to, ticks, name: ofEpochs ? epochName(axis) : nameOf(axis.base), format: x.format };
};

