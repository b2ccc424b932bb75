/** The section that shows how two variants differ: two charts around zero, and what they come to. */
import { GapChart } from '../chart/gapchart.js';
import { epochTicks } from '../chart/scales.js';
import { el, setAttr, setText } from '../page/dom.js';
import { BASES, REACHES } from '../page/url.js';
import { Clock, startOf } from '../run/clock.js';
import { accuracyGaps, accuracyGapsInTime, apartIn, leads, lossGaps, pairOf, pairsOf, reachedBy, stepSeconds } from '../run/difference.js';
import { hasEnded } from '../run/state.js';
import { integer } from '../text/numbers.js';
import { DIFFERENCE, PAIRS, ahead, gapText, leadText, lossGapText, placeText, reachText, stepText, variantLabel } from '../text/text.js';

const PLACES = 400;

export class DifferenceView {
  /** @param handlers change(part of the view), cursor(iteration or null), zoom([from, to] or null), redraw() */
  constructor(root, view, handlers) {
    Object.assign(this, { root, view, handlers });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    const chart = (name, options) => new GapChart(this.part(name), options, this.#pointing(() => this[name]));
    this.accuracy = chart('accuracy', { least: 4, dotted: true });
    this.loss = chart('loss', { least: 0.4 });
    this.bases = BASES.map((base) => el('button', { type: 'button', class: 'plain', 'data-testid': `base-${base}`, text: DIFFERENCE.base[base], onclick: () => handlers.change({ base }) }));
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
    Object.assign(this, { state, inks, drawn: null, told: null, clocks: null });
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
    const { base } = this.view;
    const repeated = this.state.repeats > 1;
    const key = `${base} ${this.pair}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const names = this.pair.map((index) => ({ variant: this.state.variants[index], ink: this.inks[index] }));
    const side = ({ variant, ink }, what) => ({ label: ahead(variant, what), ink });
    const x = {
      window: () => this.window(),
      format: (value) => (base === 'epoch' ? integer(Math.round(value / this.state.perEpoch)) : base === 'seconds' ? `${Number(value.toPrecision(4))} s` : integer(value)),
      fractions: base === 'seconds',
      ticks: base === 'epoch' ? (from, to, pixels) => epochTicks(from, to, this.state.perEpoch, pixels) : null,
    };
    this.accuracy.show({ x, names: { above: side(names[1], 'accuracy'), below: side(names[0], 'accuracy') }, repeated });
    this.loss.show({ x, names: { above: side(names[0], 'loss'), below: side(names[1], 'loss') }, repeated });
    this.bases.forEach((button, index) => setAttr(button, 'aria-pressed', String(BASES[index] === base)));
    this.part('pair').value = this.pair.join('-');
    this.part('reach').value = String(this.view.reach);
  }

  /** The stretch in view, in the units of the horizontal axis. */
  window() {
    const { zoom, base } = this.view;
    if (base !== 'seconds') return zoom ?? [0, this.state.total];
    if (zoom) return zoom.map((iteration) => this.clocks[0][0].secondsAt(iteration));
    return [0, Math.max(0.1, ...this.clocks.flat().map((clock) => clock.last))];
  }

  /** @param cursor the iteration where all charts' cursor stands, or null */
  draw(lines, cursor) {
    if (!this.state || this.state.id === null) return;
    this.pair = pairOf(this.state, this.view.pair);
    const pair = this.pair.map((index) => this.state.variants[index]);
    const timed = this.view.base === 'seconds';
    // What is drawn asks for its window, and so for these.
    if (timed && (this.seen || !this.clocks)) this.clocks = pairsOf(...pair).map((of) => of.map((member) => new Clock(member, startOf(member, this.state.startedAt))));
    this.#prepare();
    this.#tell();
    if (!this.seen) return;
    if (this.resized) {
      this.resized = false;
      this.accuracy.resize();
      this.loss.resize();
    }
    const apart = cursor !== null;
    const tests = timed ? accuracyGapsInTime(...pair).map((row) => ({ ...row, x: row.seconds })) : accuracyGaps(...pair).map((row) => ({ ...row, x: row.epoch * this.state.perEpoch }));
    this.accuracy.draw(tests.map((row) => ({ ...row, gap: row.gap * 100, margin: row.margin * 100, gaps: row.gaps.map((gap) => gap * 100) })), apart);
    const placed = timed ? (x, r) => this.clocks[r].map((clock) => (x <= clock.last ? clock.iterationAt(x) : Infinity)) : (x) => [x, x];
    const [first, second] = this.pair.map((index) => lines[index].lines);
    this.loss.draw(lossGaps(first.map((line, r) => [line, second[r]]), this.window(), PLACES, placed), apart);
    queueMicrotask(() => this.#read(cursor));
  }

  #read(cursor) {
    const { settings, perEpoch } = this.state;
    const at = { accuracy: this.accuracy.at(cursor), loss: this.loss.at(cursor) };
    const place = (row, what) => placeText(this.view.base === 'iteration' && what === 'accuracy' ? 'epoch' : this.view.base, row, perEpoch);
    setText(this.part('accuracy-readout'), at.accuracy ? gapText({ ...at.accuracy, gap: at.accuracy.gap / 100, margin: at.accuracy.margin / 100 }, settings.testExamples, place(at.accuracy, 'accuracy'), this.state.repeats) : DIFFERENCE.none);
    setText(this.part('loss-readout'), at.loss ? lossGapText(at.loss, place(at.loss, 'loss'), this.state.repeats) : DIFFERENCE.none);
    for (const name of ['accuracy', 'loss']) setAttr(this.part(name), 'aria-label', `${DIFFERENCE.chart[name]}: ${this.part(`${name}-readout`).textContent}`);
  }

  #tell() {
    const { settings, status } = this.state;
    const pair = this.pair.map((index) => this.state.variants[index]);
    const told = [this.pair, this.view.reach, status, ...pair.flatMap(({ members }) => members.map((member) => `${member.epochs.epoch.length} ${member.status}`))].join();
    if (told === this.told) return;
    this.told = told;
    const gaps = accuracyGaps(...pair);
    setText(this.part('lead'), leadText(pair, leads(gaps), gaps, hasEnded(status), apartIn(gaps)));
    setText(this.part('reached'), reachText(pair, pair.map((variant) => reachedBy(variant, this.view.reach / 100)), hasEnded(status)));
    setText(this.part('cost'), stepText(pair, pair.map((variant) => stepSeconds(variant, settings.batchSize))));
  }

  #pointing(chart) {
    return {
      onCursor: (x) => this.handlers.cursor(x === null ? null : chart().iterationAt(x)),
      onZoom: (window) => {
        const timed = this.view.base === 'seconds';
        this.handlers.zoom(window && (timed ? window.map((second) => this.clocks[0][0].iterationAt(second)) : window));
      },
    };
  }
}
