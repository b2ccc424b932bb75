/** The trainings of a run with repeats as a table: a row for each repeat, the last the mean. */
import { el } from '../page/dom.js';
import { accuracyGaps, pairOf } from '../run/difference.js';
import { spread } from '../run/stats.js';
import { NONE, percent, points, signed } from '../text/numbers.js';
import { REPEATS, STATUS, meanText, variantLabel } from '../text/text.js';

/** @returns { head, rows } of texts; the difference is that of the chosen pair, after the last epoch both ended */
export function repeatRows(state, chosen) {
  const { variants, settings, repeats } = state;
  const tests = settings.testExamples;
  const pair = pairOf(state, chosen).map((index) => variants[index]);
  const gaps = variants.length < 2 ? [] : accuracyGaps(...pair);
  const gapOf = (k) => gaps.findLast((row) => !Number.isNaN(row.gaps[k]))?.gaps[k] ?? NaN;
  const gapText = (gap) => (Number.isNaN(gap) ? NONE : signed(points(gap, tests)));
  const head = [REPEATS.repeat, REPEATS.seed, ...variants.flatMap((variant) => [REPEATS.status, REPEATS.accuracy].map((what) => `${variantLabel(variant)}: ${what}`)), REPEATS.difference(pair.map(variantLabel))];
  const rows = Array.from({ length: repeats }, (_, k) => [
    String(k + 1),
    String(settings.seed + k),
    ...variants.flatMap(({ members }) => [STATUS[members[k].status] ?? members[k].status, percent(members[k].epochs.testAccuracy.last, tests)]),
    gapText(gapOf(k)),
  ]);
  const known = Array.from({ length: repeats }, (_, k) => gapOf(k)).filter((gap) => !Number.isNaN(gap));
  const of = spread(known);
  const mean = ({ members }) => spread(members.filter(({ status }) => status !== 'diverged').map(({ epochs }) => epochs.testAccuracy.last).filter(Number.isFinite));
  rows.push([REPEATS.mean, '', ...variants.flatMap((variant) => ['', meanText(mean(variant), tests)]), of.n < 2 ? gapText(of.mean) : `${gapText(of.mean)} \u00b1 ${points(of.sd, tests)}`]);
  return { head, rows };
}

export function drawRepeats(table, state, chosen) {
  const { head, rows } = repeatRows(state, chosen);
  const row = ([name, ...cells]) => el('tr', {}, el('th', { scope: 'row', text: name }), ...cells.map((text) => el('td', { text })));
  table.replaceChildren(
    el('caption', { class: 'unseen', text: REPEATS.caption }),
    el('thead', {}, el('tr', {}, ...head.map((text) => el('th', { scope: 'col', text })))),
    el('tbody', {}, ...rows.map(row)),
  );
}
