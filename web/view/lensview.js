/** The section that looks inside the layers: what to see, a row for each hidden layer, histograms of any epoch. */
import { placeCursor } from '../chart/cursor.js';
import { el, setAttr, setText } from '../page/dom.js';
import { DEFAULT_LOOK } from '../page/url.js';
import { lastAtOrBelow } from '../run/columns.js';
import { QUANTITIES, extentOf, halfOf, isTold, looksUpTo } from '../run/layers.js';
import { factsOf, reachedOf } from '../run/lensfacts.js';
import { LENS, quantityText, seenText, tickText } from '../text/text.js';
import { LensRow } from './lensrow.js';
import { scaleOf } from './lensscale.js';

export class LensView {
  /** @param handlers change(part of the view), axis(), window(), cursor(place or null), zoom([from, to] or null), redraw() */
  constructor(root, view, handlers) {
    Object.assign(this, { root, view, handlers, rows: [], epoch: null, repeat: 1, pointed: null });
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.part('what').addEventListener('change', (event) => handlers.change({ look: event.target.value }));
    this.part('repeat').addEventListener('change', (event) => {
      this.repeat = Number(event.target.value);
      this.drawn = null;
      handlers.redraw();
    });
    this.part('epoch').addEventListener('input', (event) => {
      const { value, max } = event.target;
      // At its end it follows the training.
      this.epoch = value === max ? null : Number(value);
      handlers.redraw();
    });
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      handlers.redraw();
    }).observe(root);
    new ResizeObserver(() => {
      this.resized = true;
      handlers.redraw();
    }).observe(this.part('rows'));
  }

  show(state, inks) {
    const { settings, repeats = 1 } = state;
    Object.assign(this, { state, inks, drawn: null, epoch: null });
    this.repeat = Math.min(this.repeat, repeats);
    this.root.hidden = state.id === null;
    this.part('body').hidden = !settings.lens;
    this.part('controls').hidden = !settings.lens;
    this.part('off').hidden = Boolean(settings.lens);
    setText(this.part('off'), settings.lens ? '' : LENS.off);
    this.rows.forEach((row) => row.chart?.destroy());
    this.rows = [];
    if (!settings.lens || state.id === null) return this.part('rows').replaceChildren();
    const handlers = {
      onCursor: (x, chart) => {
        this.pointed = x === null ? null : chart;
        this.handlers.cursor(x);
      },
      onZoom: (window) => this.handlers.zoom(window),
    };
    const count = Math.max(...state.variants.map((variant) => variant.settings.hiddenLayers.length));
    this.rows = Array.from({ length: count }, (_, index) => new LensRow(index, { state, inks, last: index === count - 1 }, handlers));
    this.part('rows').replaceChildren(...this.rows.map((row) => row.root));
    setAttr(this.part('rows'), 'data-many', this.rows.length > 3);
    this.part('repeat').hidden = repeats === 1;
    this.part('repeat').replaceChildren(...Array.from({ length: repeats }, (_, k) => el('option', { value: k + 1, text: LENS.repeat(k + 1, settings.seed + k) })));
    this.part('repeat').value = String(this.repeat);
    // Now, so that nothing below moves once this comes into sight.
    this.#explain(this.look);
    setText(this.part('histograms'), LENS.histograms(state.variants));
    setText(this.part('hint'), LENS.hint(state.variants));
  }

  /** What is looked at: what the address asks for, if there is that to see in this run. */
  get look() {
    const { variants } = this.state;
    return variants.some((variant) => isTold(this.view.look, variant)) ? this.view.look : DEFAULT_LOOK;
  }

  #explain(look) {
    const { variants } = this.state;
    const seen = Object.keys(QUANTITIES).filter((value) => variants.some((variant) => isTold(value, variant)));
    const options = seen.map((value) => el('option', { value, text: quantityText(value, variants).name }));
    this.part('what').replaceChildren(...options);
    this.part('what').value = look;
    const { marks, why } = quantityText(look, variants);
    setText(this.part('marks'), marks);
    setText(this.part('why'), why);
  }

  /** @param cursor where on the charts' axis their cursor stands, or null */
  draw(cursor) {
    if (!this.seen || this.rows.length === 0) return;
    const { look } = this;
    const axis = this.handlers.axis();
    const shown = this.state.variants.map((variant) => {
      const member = variant.members[this.repeat - 1];
      const looks = reachedOf(this.state, member);
      const places = Array.from(member.lens.iteration.values.subarray(0, looks), (iteration) => axis.at(variant, iteration, member));
      return { variant, member, lens: member.lens, looks, places };
    });
    this.#prepare(look, shown);
    if (this.resized) {
      this.resized = false;
      for (const row of this.rows) row.resize();
    }
    const key = `${shown.map(({ looks, lens }) => `${looks} ${lens.iteration.length}`)} ${axis.version} ${this.handlers.window()}`;
    if (key !== this.key) {
      this.key = key;
      this.scale.extent = extentOf(shown.filter(({ variant }) => isTold(look, variant)).map(({ lens }) => lens), look);
      const xs = [...new Set(shown.flatMap(({ places }) => places))].sort((a, b) => a - b);
      for (const row of this.rows) row.draw(shown, xs);
      setText(this.part('seen'), seenText(look, factsOf(shown, look)));
    }
    const looks = shown.map(({ variant, member, lens, looks: most }) => Math.min(most, cursor === null ? most : looksUpTo(lens, axis.iterationAt(variant, cursor, member) + 1e-6)) - 1);
    for (const row of this.rows) row.read(shown, looks);
    this.#drawBins(shown);
    queueMicrotask(() => {
      for (const { chart } of this.rows) if (chart !== this.pointed) placeCursor(chart, cursor);
    });
  }

  /** All is made anew when something else is to be seen. */
  #prepare(look, shown) {
    const { handlers } = this;
    const normalized = shown.map(({ lens }) => extentOf([lens], look));
    const wide = Math.max(...normalized.flat().map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)));
    const scale = scaleOf(look, wide);
    const drawn = `${look} ${scale.name} ${this.handlers.axis().base}`;
    if (drawn === this.drawn) return;
    Object.assign(this, { drawn, scale, key: null });
    this.#explain(look);
    for (const row of this.rows) row.show(look, { ...scale, range: () => scale.range(), place: { get axis() { return handlers.axis(); }, window: handlers.window } });
  }

  #drawBins(shown) {
    const { epochs } = this.state.settings;
    const most = shown.map(({ member }) => member.epochs.epoch.last ?? 0);
    const newest = Math.max(...most);
    const asked = Math.min(this.epoch ?? newest, newest);
    const slider = this.part('epoch');
    setAttr(slider, 'max', Math.max(1, newest));
    slider.disabled = newest === 0;
    if (Number(slider.value) !== Math.max(1, asked)) slider.value = String(Math.max(1, asked));
    const found = shown.map(({ lens, member }, k) => lastAtOrBelow(lens.histograms.epochs, Math.min(asked, most[k])));
    const key = `${this.repeat} ${found} ${shown.map(({ lens }) => lens.histograms.counts.length)} ${epochs}`;
    if (key === this.binsKey && this.binsOf === this.state) return;
    Object.assign(this, { binsKey: key, binsOf: this.state });
    const half = halfOf(shown.map(({ lens }) => lens));
    const bins = shown.map(({ lens: { histograms } }, k) => (found[k] < 0 ? null : { edges: histograms.edges, counts: histograms.counts[found[k]] }));
    const told = Math.max(0, ...shown.map(({ lens }, k) => (found[k] < 0 ? 0 : lens.histograms.epochs.at(found[k]))));
    const words = told > 0 ? LENS.epoch(told) : LENS.noEpoch;
    for (const row of this.rows) row.drawBins(bins, half, words);
    setText(this.part('epoch-text'), words);
    setAttr(slider, 'aria-valuetext', words);
    for (const [name, value] of [['left', -half], ['middle', 0], ['right', half]]) setText(this.part(name), tickText(value));
  }
}
