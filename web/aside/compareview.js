/** The comparison of runs that were picked from the list: their curves on one another, their settings in a table. */
import { OverlayChart, dashWithin } from '../chart/overlaychart.js';
import { accuracyRange, logTicks, lossRange } from '../chart/scales.js';
import { el, setText } from '../page/dom.js';
import { MOST_RUNS, accuracyLines, dataRows, letterOf, lossLines, settingRows } from '../run/compare.js';
import { defaultsOf } from '../run/idle.js';
import { fold, hasEnded, newState } from '../run/state.js';
import * as api from '../server/api.js';
import { NONE, integer, percent } from '../text/numbers.js';
import { CHART, COMPARE, DATA, LABEL, fingerprint, headings, otherData, meanText, readable, variantFacts, variantLabel } from '../text/text.js';

const INKS = ['blue', 'vermilion', 'green', 'purple'];

/** Losses beyond this, in nats, would flatten the rest: their axis is logarithmic. */
const SPREAD = 10;

export class CompareView {
  constructor(root, view) {
    Object.assign(this, { root, view, known: new Map() });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.accuracy = new OverlayChart(this.part('accuracy'));
    this.loss = new OverlayChart(this.part('loss'));
  }

  /** @param ids of the runs; null hides the comparison */
  async show(ids, schema) {
    const shown = ids?.join() ?? null;
    this.shown = shown;
    this.root.hidden = ids === null;
    if (ids === null) return;
    setText(this.part('note'), ids.length < 2 ? COMPARE.pick(MOST_RUNS) : COMPARE.lines);
    const entries = await Promise.all(ids.map((id) => this.#entry(id)));
    if (this.shown === shown) this.#draw(entries.filter(Boolean), schema);
  }

  /** A run may be given another name or note while it is compared. */
  relabel({ id, name, note }) {
    const entry = this.known.get(id);
    if (!entry || (entry.state.name === name && entry.state.note === note)) return false;
    Object.assign(entry.state, { name, note });
    return true;
  }

  /** A run and its events, asked for once it has ended and then kept. */
  async #entry(id) {
    if (this.known.has(id)) return this.known.get(id);
    try {
      const [run, events] = await Promise.all([api.getRun(id), api.getEvents(id, 2000)]);
      const state = newState(run);
      fold(state, events);
      const entry = { run, state };
      if (hasEnded(run.status)) this.known.set(id, entry);
      return entry;
    } catch {
      return null;
    }
  }

  #draw(entries, schema) {
    const epochs = Math.max(1, ...entries.map(({ state }) => state.settings.epochs));
    const dressed = (line) => ({ ...line, ink: INKS[line.run], dash: dashWithin(line.variant, line.index), label: `${letterOf(line.run)} ${COMPARE.short(line.variant)}` });
    const accuracies = accuracyLines(entries).map((line) => ({ ...dressed(line), dotted: true }));
    const losses = lossLines(entries, this.view.smooth).map(dressed);
    const all = (lines) => lines.flatMap(({ ys }) => ys.filter((y) => y !== null));
    const least = all(accuracies).reduce((low, y) => Math.min(low, y), 1);
    this.accuracy.show(accuracies, { range: accuracyRange(least), format: (ratio) => `${Number((ratio * 100).toFixed(2))}%` }, epochs);
    const high = all(losses).reduce((most, y) => Math.max(most, y), 0);
    const low = all(losses).reduce((lowest, y) => Math.min(lowest, y), Infinity);
    const log = high > SPREAD;
    this.loss.show(losses, { range: lossRange({ low, high, zoomed: false, log }), log, ticks: log ? logTicks : null, format: (value) => String(Number(value.toPrecision(3))) }, epochs);
    this.#table(entries, schema);
    const other = otherData(dataRows(entries));
    this.part('other').hidden = other === null;
    setText(this.part('other'), other ?? '');
  }

  #table(entries, schema) {
    const titles = schema?.properties ?? {};
    const defaults = defaultsOf(schema);
    const keys = Object.keys(entries[0]?.state.settings ?? {}).filter((key) => key !== 'variants');
    const head = el('tr', {}, el('th', { scope: 'col', text: COMPARE.setting }), ...entries.map(({ state, run }, index) =>
      el('th', { scope: 'col' }, el('i', { class: `chip ${INKS[index]}` }), el('a', { href: `#run=${run.id}`, text: `${letterOf(index)} ${headings(state, defaults)[0]}` }))));
    const rows = settingRows(entries, keys).map(({ key, values, differs }) => row(titles[key]?.title ?? key, values.map(readable), differs));
    for (const { part, values, differs } of dataRows(entries)) {
      if (values.some(Boolean)) rows.push(row(DATA[part], values.map((value) => (value ? fingerprint(value) : NONE)), differs));
    }
    if (entries.some(({ state }) => state.note)) rows.unshift(row(LABEL.note, entries.map(({ state }) => state.note ?? ''), false));
    const count = Math.max(0, ...entries.map(({ state }) => state.variants.length));
    for (let k = 0; k < count; k++) {
      const facts = entries.map(({ state }) => (state.settings.variants[k] ? variantFacts(state.settings.variants[k]) : ''));
      rows.push(row(COMPARE.variant(k + 1), facts, new Set(facts).size > 1));
      rows.push(row(COMPARE.result(k + 1), entries.map(({ state }) => this.#result(state, k)), false, true));
    }
    this.part('table').replaceChildren(el('caption', { class: 'unseen', text: COMPARE.caption }), el('thead', {}, head), el('tbody', {}, ...rows));
  }

  #result(state, k) {
    const variant = state.variants[k];
    if (!variant) return '';
    if (variant.divergedAt !== null) return CHART.divergedAt(variantLabel(variant), integer(variant.divergedAt));
    const { pools, epochs } = variant;
    if (pools && epochs.epoch.length > 0) return COMPARE.mean(meanText(pools.epochs.testAccuracy.of(epochs.epoch.length - 1), state.settings.testExamples), pools.epochs.testAccuracy.n.last);
    return percent(epochs.testAccuracy.last, state.settings.testExamples);
  }
}

function row(name, values, differs, result = false) {
  const mark = differs ? el('span', { class: 'differs', text: COMPARE.differs }) : null;
  return el('tr', { class: differs ? 'different' : result ? 'result' : null }, el('th', { scope: 'row' }, name, mark), ...values.map((value) => el('td', { text: value })));
}
