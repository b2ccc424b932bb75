/** A run as one HTML file that opens without a server: words, numbers, pictures; no scripts. */
import { FIGURES, drawFigure } from '../chart/figures.js';
import { el } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { ASPECTS, claims } from '../run/claims.js';
import { imagesOf } from '../run/datasets.js';
import { NONE, exactTime, integer, loss, percent } from '../text/numbers.js';
import { EXPECTED, FORM, FOUND, REPORT, STATUS, dataFacts, honestly, judgedText, meanText, readable, runTitle, summary, titleOf, variantFacts, variantLabel, verdict } from '../text/text.js';
import { repeatRows } from './repeats.js';

const light = (name) => colour(name, 'light');

export function report(state, schema, view, link) {
  const { settings, run } = state;
  const found = claims(state);
  const whole = { ...view, zoom: null };
  const body = el(
    'body',
    {},
    el('h1', { dir: 'auto', text: titleOf(state) }),
    state.name && el('p', { text: runTitle(settings) }),
    state.note && el('p', { class: 'note', dir: 'auto', text: state.note }),
    el('p', { class: 'quiet', text: `${summary(settings)}. ${STATUS[state.status]}, ${exactTime(run.finishedAt ?? run.createdAt)}.` }),
    el('p', { text: verdict(state) }),
    found && el('h2', { text: REPORT.findings }),
    found && table([REPORT.aspect, REPORT.expected, REPORT.found, REPORT.verdict], ASPECTS.map((aspect) => [EXPECTED[aspect].name, EXPECTED[aspect].expected, FOUND[aspect](found[aspect], state), judgedText(found[aspect])])),
    found && el('p', { text: honestly(state, found) }),
    el('h2', { text: REPORT.charts }),
    ...FIGURES.map((name) => drawFigure(name, state, whole)),
    el('h2', { text: REPORT.settings }),
    table([REPORT.setting, REPORT.value], facts(state, schema)),
    el('h2', { text: REPORT.results }),
    table([REPORT.epoch, ...state.variants.flatMap((variant) => REPORT.columns.map((what) => `${variantLabel(variant)}: ${what}`))], results(state)),
    ...byRepeat(state, view),
    el('p', { class: 'quiet' }, `${REPORT.from} `, el('a', { href: link, text: link })),
  );
  return `<!doctype html>\n<html lang="${document.documentElement.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tandem</title><style>${style()}</style></head>${body.outerHTML}</html>\n`;
}

function facts({ settings, variants, data }, schema) {
  const titles = schema?.properties ?? {};
  const rows = Object.entries(settings).filter(([key]) => key !== 'variants').map(([key, value]) => [titles[key]?.title ?? key, readable(value)]);
  return [...rows, ...variants.map((variant, index) => [FORM.variant(index + 1), variantFacts(variant)]), ...dataFacts(data, imagesOf({ settings, data }))];
}

function results({ variants, settings }) {
  const count = Math.max(0, ...variants.map(({ epochs }) => epochs.epoch.length));
  return Array.from({ length: count }, (_, k) => [
    integer(k + 1),
    ...variants.flatMap(({ epochs, pools }) => {
      if (k >= epochs.epoch.length) return [NONE, NONE, NONE];
      const accuracy = pools ? meanText(pools.epochs.testAccuracy.of(k), settings.testExamples) : percent(epochs.testAccuracy.at(k), settings.testExamples);
      return [loss(epochs.trainLoss.at(k)), loss(epochs.testLoss.at(k)), accuracy];
    }),
  ]);
}

function byRepeat(state, view) {
  if (state.repeats === 1) return [];
  const { head, rows } = repeatRows(state, view.pair);
  return [el('h2', { text: REPORT.repeats }), table(head, rows)];
}

const table = (head, rows) =>
  el('table', {}, el('thead', {}, el('tr', {}, ...head.map((text) => el('th', { scope: 'col', text })))), el('tbody', {}, ...rows.map((cells) => el('tr', {}, ...cells.map((text) => el('td', { text }))))));

const style = () => `
body{max-width:960px;margin:32px auto;padding:0 16px;font:14px/20px system-ui,sans-serif;font-variant-numeric:tabular-nums;color:${light('ink')};background:${light('surface')}}
h1{font-size:20px}h2{font-size:14px;margin-top:28px}.note{white-space:pre-wrap;overflow-wrap:anywhere}.quiet{color:${light('quiet')}}
table{border-collapse:collapse;width:100%}th,td{padding:5px 12px 5px 0;border-bottom:1px solid ${light('rule')};text-align:left;vertical-align:top}th{color:${light('quiet')};font-weight:500}
svg{display:block;width:100%;height:auto;margin:12px 0}a{color:${light('accent')}}`;
