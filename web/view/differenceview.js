/** The section that shows how two variants differ: two charts around zero, and what they come to. */
import { GapChart } from '../chart/gapchart.js';
import { epochAxis, xAxis } from '../chart/places.js';
import { el, setAttr, setText } from '../page/dom.js';
import { REACHES } from '../page/url.js';
import { BASES, usualBase } from '../run/axis.js';
import { accuracyGaps, apartIn, leads, lossGaps, pairOf, reachedBy, stepSeconds } from '../run/difference.js';
import { accuracyGapsOver, gapAxis, placedOn } from '../run/gaps.js';
import { hasEnded } from '../run/state.js';
import { DIFFERENCE, PAIRS, ahead, gapText, leadText, lossGapText, placeText, reachText, resultPlace, stepText, variantLabel } from '../text/text.js';

const PLACES = 400;

export class DifferenceView {
  /** @param handlers change(part of the view), cursor(place or null), zoom([from, to] or null), axis(), window(), redraw() */
  constructor(root, view, handlers) {
    Object.assign(this, { root, view, handlers });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    const chart = (name, options) => new GapChart(this.part(name), options, this.#pointing());
    this.accuracy = chart('accuracy', { least: 4, dotted: true });
    this.loss = chart('loss', { least: 0.4 });
    this.bases = BASES.map((base) => el('button', { type: 'button', class: 'plain', 'data-testid': `base-${base}`, text: DIFFERENCE.base[base], onclick: () => handlers.change({ base: base === usualBase(this.state) ? null : base }) }));
    this.part('base').replaceChildren(...this.bases);
    this.part('reach').append(...REACHES.map((ratio) => el('option', { value: ratio, text: `${ratio}%` })));
    this.part('reach').addEventListener('change', (event) => handlers.change({ reach: Number(event.target.value) }));
    this.part('pair').addEventListener('change', (event) => handlers.change({ pair: event.target.value.split('-').map(Number) }));
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      handlers.redraw();
    }).observe(root);
    new ResizeObserver(() => {
      this.resized = true;
      handlers.redraw();
    }).observe(this.part('loss'));
  }

  show(state, inks) {
    Object.assign(this, { state, inks, drawn: null, told: null });
    const pairs = state.variants.flatMap((_, b) => state.variants.slice(0, b).map((__, a) => [a, b]));
    const words = ([a, b]) => `${variantLabel(state.variants[b])} \u2212 ${variantLabel(state.variants[a])}`;
    this.part('pair').replaceChildren(...pairs.map((pair) => el('option', { value: pair.join('-'), text: words(pair) })));
    this.part('pair').hidden = pairs.length === 1;
    this.part('title').hidden = pairs.length > 1;
    setText(this.part('title'), words([0, 1]));
    setText(this.part('pairs'), PAIRS);
  }

  /** Everything is drawn anew when what it is drawn over has changed. */
  #prepare() {
    const { base } = this.axis;
    const repeated = this.state.repeats > 1;
    const key = `${base} ${this.handlers.axis().base} ${base === 'seconds' || this.axis.epochEnd(this.axis.reference, 1)} ${this.pair}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const names = this.pair.map((index) => ({ variant: this.state.variants[index], ink: this.inks[index] }));
    const side = ({ variant, ink }, what) => ({ label: ahead(variant, what), ink });
    // What its chart asks for is what there is then.
    const place = { axis: this.axis, window: () => this.stretch };
    const of = ({ range, ...x }) => ({ window: range, ...x });
    this.accuracy.show({ x: of(epochAxis(place)), names: { above: side(names[1], 'accuracy'), below: side(names[0], 'accuracy') }, repeated });
    this.loss.show({ x: of(xAxis(place)), names: { above: side(names[0], 'loss'), below: side(names[1], 'loss') }, repeated });
    this.bases.forEach((button, index) => setAttr(button, 'aria-pressed', String(BASES[index] === this.handlers.axis().base)));
    this.part('pair').value = this.pair.join('-');
    this.part('reach').value = String(this.view.reach);
  }

  /** @param cursor where on the charts' axis their cursor stands, or null */
  draw(lines, cursor) {
    if (!this.state || this.state.id === null) return;
    this.pair = pairOf(this.state, this.view.pair);
    const pair = this.pair.map((index) => this.state.variants[index]);
    const charts = this.handlers.axis();
    const { axis, window } = gapAxis(this.state, charts, this.handlers.window());
    Object.assign(this, { axis, stretch: window });
    this.#prepare();
    this.#tell();
    if (!this.seen) return;
    if (this.resized) {
      this.resized = false;
      this.accuracy.resize();
      this.loss.resize();
    }
    const apart = cursor !== null;
    this.accuracy.draw(accuracyGapsOver(axis, pair).map((row) => ({ ...row, gap: row.gap * 100, margin: row.margin * 100, gaps: row.gaps.map((gap) => gap * 100) })), apart);
    const [first, second] = this.pair.map((index) => lines[index].lines);
    this.loss.draw(lossGaps(first.map((line, r) => [line, second[r]]), window, PLACES, placedOn(axis, pair)), apart);
    const place = cursor === null || axis === charts ? cursor : axis.place(charts.toReference(cursor));
    queueMicrotask(() => this.#read(place));
  }

  /** @param cursor a place of its own axis, or null */
  #read(cursor) {
    const { settings } = this.state;
    const { base } = this.axis;
    const at = { accuracy: this.accuracy.at(cursor), loss: this.loss.at(cursor) };
    setText(this.part('accuracy-readout'), at.accuracy ? gapText({ ...at.accuracy, gap: at.accuracy.gap / 100, margin: at.accuracy.margin / 100 }, settings.testExamples, resultPlace(base, at.accuracy), this.state.repeats) : DIFFERENCE.none);
    setText(this.part('loss-readout'), at.loss ? lossGapText(at.loss, placeText(base, base === 'iteration' ? Math.floor(at.loss.x + 1e-6) : at.loss.x), this.state.repeats) : DIFFERENCE.none);
    for (const name of ['accuracy', 'loss']) setAttr(this.part(name), 'aria-label', `${DIFFERENCE.chart[name]}: ${this.part(`${name}-readout`).textContent}`);
  }

  #tell() {
    const { status } = this.state;
    const pair = this.pair.map((index) => this.state.variants[index]);
    const told = [this.pair, this.view.reach, status, ...pair.flatMap(({ members }) => members.map((member) => `${member.epochs.epoch.length} ${member.status}`))].join();
    if (told === this.told) return;
    this.told = told;
    const gaps = accuracyGaps(...pair);
    setText(this.part('lead'), leadText(pair, leads(gaps), gaps, hasEnded(status), apartIn(gaps)));
    setText(this.part('reached'), reachText(pair, pair.map((variant) => reachedBy(variant, this.view.reach / 100)), hasEnded(status)));
    setText(this.part('cost'), stepText(pair, pair.map((variant) => stepSeconds(variant, variant.schedule.batchSize))));
  }

  #pointing() {
    const { handlers } = this;
    // A place of its own axis on the charts'.
    const there = (x) => (this.axis === handlers.axis() ? x : handlers.axis().place(this.axis.toReference(x)));
    return { onCursor: (x) => handlers.cursor(x === null ? null : there(x)), onZoom: (window) => handlers.zoom(window && window.map(there)) };
  }
}
