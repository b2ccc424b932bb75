/** The comparison of runs that were picked from the list: their curves on one another, their settings in a table. */
import { OverlayChart, dashWithin } from '../chart/overlaychart.js';
import { accuracyRange, floored, logTicks, lossExtent, lossRange, lossTick } from '../chart/scales.js';
import { el, setText } from '../page/dom.js';
import { MOST_RUNS, accuracyLines, dataRows, letterOf, lossLines, settingRows } from '../run/compare.js';
import { defaultsOf } from '../run/idle.js';
import { fetchLines, needsLines } from '../run/lines.js';
import { fold, hasEnded, newState } from '../run/state.js';
import * as api from '../server/api.js';
import { NONE, integer, percent } from '../text/numbers.js';
import { CHART, COMPARE, DATA, LABEL, fingerprint, headings, otherData, meanText, readable, variantFacts, variantLabel } from '../text/text.js';

/** Of each training's losses, in the comparison. */
const POINTS = 2000;

const INKS = ['blue', 'vermilion', 'green', 'purple'];

/** A run that could not be had is asked for again after so many milliseconds. */
const AGAIN_AFTER = 5000;

/** Losses beyond this, in nats, would flatten the rest: their axis is logarithmic. */
const SPREAD = 10;

export class CompareView {
  /** @param leaveOut (id): a run that is no more is to be compared no longer */
  constructor(root, view, leaveOut) {
    Object.assign(this, { root, view, leaveOut, known: new Map(), ends: [] });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.accuracy = new OverlayChart(this.part('accuracy'));
    this.loss = new OverlayChart(this.part('loss'));
  }

  /** @param ids of the runs; null hides the comparison */
  async show(ids, schema) {
    const { smooth } = this.view;
    const shown = ids && `${ids} ${smooth}`;
    this.shown = shown;
    this.root.hidden = ids === null;
    clearTimeout(this.again);
    if (ids === null) return;
    if (ids.length < 2) setText(this.part('note'), COMPARE.pick(MOST_RUNS));
    const entries = await Promise.all(ids.map((id, slot) => this.#entry(id).then((entry) => ({ ...entry, id, slot }))));
    const there = entries.filter(({ missing }) => !missing);
    await this.#smooth(there, smooth, () => this.shown === shown);
    if (this.shown !== shown) return;
    this.#tellMissing(entries.filter(({ missing }) => missing));
    if (entries.some(({ missing }) => missing === 'unreached')) this.again = setTimeout(() => this.show(ids, schema), AGAIN_AFTER);
    if (ids.length >= 2) setText(this.part('note'), COMPARE.lines(there.every(({ state }) => state.variants[0].ofBatchNorm)));
    this.#draw(there, schema);
  }

  /** Sees to it that the runs' losses can be drawn smoothed over every one. */
  async #smooth(entries, weight, wanted) {
    const thinned = entries.filter(({ state }) => needsLines(state, weight));
    await Promise.all(thinned.map(({ state }) => fetchLines(state, () => api.getSmoothed(state.id, weight, POINTS), wanted).catch(() => null)));
  }

  /** A run is no more; answers whether it was compared. */
  forget(id) {
    return this.known.delete(id);
  }

  /** The others keep their places, and so their letters and colours: an address means the same as before. */
  #tellMissing(entries) {
    this.part('missing').replaceChildren(
      ...entries.map(({ id, slot, missing }) =>
        el('p', {}, `${COMPARE.missing[missing](letterOf(slot), id)} `, el('button', { type: 'button', class: 'plain', 'data-testid': 'leave-out', text: COMPARE.leaveOut(letterOf(slot)), onclick: () => this.leaveOut(id) }))));
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
      const [run, events] = await Promise.all([api.getRun(id), api.getEvents(id, POINTS)]);
      const state = newState(run);
      fold(state, events);
      const entry = { run, state };
      if (hasEnded(run.status)) this.known.set(id, entry);
      return entry;
    } catch (problem) {
      return { missing: problem.status === 404 ? 'gone' : 'unreached' };
    }
  }

  #draw(entries, schema) {
    const epochs = Math.max(1, ...entries.map(({ state }) => state.settings.epochs));
    const slotOf = ({ run }) => entries[run].slot;
    const dressed = (line) => ({ ...line, ink: INKS[slotOf(line)], dash: dashWithin(line.variant, line.index), label: `${letterOf(slotOf(line))} ${COMPARE.short(line.variant)}` });
    const accuracies = accuracyLines(entries).map((line) => ({ ...dressed(line), dotted: true }));
    const losses = lossLines(entries, this.view.smooth).map(dressed);
    this.ends = losses.map(({ ys }) => ys.findLast((y) => y !== null) ?? null);
    const all = (lines) => lines.flatMap(({ ys }) => ys.filter((y) => y !== null));
    const least = all(accuracies).reduce((low, y) => Math.min(low, y), 1);
    this.accuracy.show(accuracies, { range: accuracyRange(least), format: (ratio) => `${Number((ratio * 100).toFixed(2))}%` }, epochs);
    const curves = losses.map(({ ys }) => ys);
    const log = lossExtent(curves).high > SPREAD;
    const extent = lossExtent(curves, log);
    const range = lossRange({ ...extent, zoomed: false, log });
    const placed = losses.map((line) => (log ? { ...line, ys: floored(line.ys, range[0]) } : line));
    this.loss.show(placed, { range, log, ticks: log ? logTicks : null, format: (value, ticks) => lossTick(range, extent, value, ticks) }, epochs);
    this.#table(entries, schema);
    const other = otherData(dataRows(entries));
    this.part('other').hidden = other === null;
    setText(this.part('other'), other ?? '');
  }

  #table(entries, schema) {
    const titles = schema?.properties ?? {};
    const defaults = defaultsOf(schema);
    // Of how many classes the images are, the dataset says.
    const keys = Object.keys(entries[0]?.state.settings ?? {}).filter((key) => key !== 'variants' && key !== 'classes');
    const head = el('tr', {}, el('th', { scope: 'col', text: COMPARE.setting }), ...entries.map(({ state, run, slot }) =>
      el('th', { scope: 'col' }, el('i', { class: `chip ${INKS[slot]}` }), el('a', { href: `#run=${run.id}`, text: `${letterOf(slot)} ${headings(state, defaults)[0]}` }))));
    const rows = settingRows(entries, keys).map(({ key, values, differs }) => row(titles[key]?.title ?? key, values.map(readable), differs));
    for (const { part, values, differs } of dataRows(entries)) {
      if (values.some(Boolean)) rows.push(row(DATA[part], values.map((value) => (value ? fingerprint(value) : NONE)), differs));
    }
    if (entries.some(({ state }) => state.note)) rows.unshift(row(LABEL.note, entries.map(({ state }) => state.note ?? ''), false));
    const count = Math.max(0, ...entries.map(({ state }) => state.variants.length));
    for (let k = 0; k < count; k++) {
      const facts = entries.map(({ state }) => (state.variants[k] ? variantFacts(state.variants[k]) : ''));
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
