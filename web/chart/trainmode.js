/**
 * The test accuracy in train mode, with the statistics of each test batch in place of the running ones: a thin
 * dotted twin of a variant's line, in its colour. Only runs that were asked for it have it, and of their variants
 * those whose layers normalize by the batch.
 */
import { setText } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { percent } from '../text/numbers.js';
import { TRAIN_MODE } from '../text/text.js';

export const TWIN_DASH = [2, 4];

/** Does any of the run's networks have a twin? */
export const hasTwin = ({ settings }, { normalization }) => settings.trainModeTest === true && normalization === 'batch';

/** [{ index, xs, ys }]: of each variant that has one, where its epochs end and its accuracies there; of repeats the mean. */
export function twins(state, axis) {
  return state.variants.flatMap((variant, index) => {
    if (!hasTwin(state, variant)) return [];
    const { epoch, trainModeAccuracy } = variant.epochs;
    const points = Array.from({ length: epoch.length }, (_, k) => [axis.epochEnd(variant, epoch.at(k)), trainModeAccuracy.at(k)]).filter(([, y]) => Number.isFinite(y));
    return points.length === 0 ? [] : [{ index, xs: points.map(([x]) => x), ys: points.map(([, y]) => y) }];
  });
}

/** Says beside the chart what the dotted line is, and how far it lies from the other. */
export function tellTwins(element, state) {
  const having = state.variants.filter((variant) => hasTwin(state, variant));
  element.hidden = having.length === 0;
  if (having.length === 0) return;
  const found = having.flatMap((variant) => {
    const { epoch, testAccuracy, trainModeAccuracy } = variant.epochs;
    return Number.isFinite(trainModeAccuracy.last) ? [TRAIN_MODE.found(variant, epoch.last, percent(trainModeAccuracy.last, state.settings.testExamples), percent(testAccuracy.last, state.settings.testExamples))] : [];
  });
  setText(element, [TRAIN_MODE.note, ...found].join(' '));
}

/** The least of all twins; Infinity without one. */
export const lowest = (lines) => Math.min(...lines.flatMap(({ ys }) => ys));

/** Draws the twins into the plot; answers where each ends, for its name. */
export function drawTwins(chart, lines, inks, [from, to]) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash(TWIN_DASH.map((length) => length * ratio));
  for (const { index, xs, ys } of lines) {
    ctx.strokeStyle = colour(inks[index]);
    ctx.fillStyle = colour(inks[index]);
    ctx.beginPath();
    xs.forEach((x, k) => ctx[k === 0 ? 'moveTo' : 'lineTo'](chart.valToPos(x, 'x', true), chart.valToPos(ys[k], 'y', true)));
    ctx.stroke();
    for (const [k, x] of xs.entries()) {
      ctx.beginPath();
      ctx.arc(chart.valToPos(x, 'x', true), chart.valToPos(ys[k], 'y', true), 2 * ratio, 0, 2 * Math.PI);
      ctx.fill();
    }
  }
  ctx.restore();
  return lines.flatMap(({ index, xs, ys }) => {
    const last = xs.findLastIndex((x) => x <= to + 1e-6);
    return last < 0 || xs[last] < from ? [] : [{ x: xs[last], y: ys[last], ink: inks[index], label: TRAIN_MODE.line }];
  });
}
