/**
 * The two charts on their one axis (see axis.js): a shared window, a shared cursor, one drawing a frame.
 * `view` is the part of the page's address that concerns them: { smooth, log, zoom, band, base }. Its zoom and the cursor
 * are iterations of the axis's reference; what the charts draw and tell is where those lie.
 */
import { setAttr } from '../page/dom.js';
import { Axis } from '../run/axis.js';
import { lastIteration } from '../run/state.js';
import { integer } from '../text/numbers.js';
import { CHART, capital, placeText, variantLabel } from '../text/text.js';
import { AccuracyChart } from './accuracychart.js';
import { placeCursor } from './cursor.js';
import { LossChart } from './losschart.js';

export class Charts {
  /** @param hosts { loss, lossReadout, accuracy, accuracyReadout }; `redraw` asks for a frame; `zoomed` tells of a new window */
  constructor(hosts, view, { redraw, zoomed }) {
    this.hosts = hosts;
    this.view = { ...view, window: () => this.window() };
    this.redraw = redraw;
    this.zoomed = zoomed;
    this.cursor = null;
    this.pointed = null;
    const handlers = {
      onCursor: (x, chart) => {
        this.pointed = x === null ? null : chart;
        this.moveCursor(x);
      },
      onZoom: (window) => {
        this.pointed = null;
        this.cursor = null;
        this.zoom(window);
      },
    };
    this.loss = new LossChart(hosts.loss, hosts.lossReadout, this.view, handlers);
    this.accuracy = new AccuracyChart(hosts.accuracy, hosts.accuracyReadout, this.view, handlers);
    for (const host of [hosts.loss, hosts.accuracy]) host.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => {
      this.resized = true;
      redraw();
    }).observe(hosts.loss);
  }

  get axis() {
    return this.view.axis;
  }

  show(state, inks) {
    this.state = state;
    this.cursor = null;
    this.view.axis = new Axis(state, this.view.base);
    this.loss.show(state, inks);
    this.accuracy.show(state, inks);
    this.redraw();
  }

  /** The state has gone back in time. */
  rewind() {
    this.loss.rewind();
  }

  /** The stretch of the axis that is in view. */
  window() {
    const { axis, zoom } = this.view;
    return zoom ? zoom.map((iteration) => axis.place(iteration)) : [0, axis.end];
  }

  setView({ smooth, log, zoom, band, base }) {
    Object.assign(this.view, { smooth, log, zoom, band, base });
    if (this.state && this.axis.chosen !== base) this.view.axis = new Axis(this.state, base);
    this.redraw();
  }

  /** Shows a stretch of the axis, or all of it. */
  zoom(window) {
    this.zoomTo(window && window.map((x) => this.axis.toReference(x)));
  }

  /** Shows a stretch of iterations of the axis's reference, or all of them. */
  zoomTo(window) {
    let zoom = null;
    if (window) {
      const all = Math.ceil(this.axis.limit - 1e-6);
      const from = Math.max(0, Math.floor(window[0] + 1e-6));
      const to = Math.min(all, Math.ceil(window[1] - 1e-6));
      zoom = to - from >= 2 && to - from < all ? [from, to] : to - from < 2 ? this.view.zoom : null;
    }
    this.view.zoom = zoom;
    this.zoomed(zoom);
    this.redraw();
  }

  /** The cursor at a place of the axis. */
  moveCursor(x) {
    this.#moveTo(x === null ? null : this.axis.toReference(x));
  }

  #moveTo(iteration) {
    this.cursor = iteration === null ? null : Math.min(Math.ceil(this.axis.limit - 1e-6), Math.max(1, Math.round(iteration)));
    this.redraw();
  }

  /** Where the cursor lies on the axis; null where there is none. */
  get cursorPlace() {
    return this.cursor === null ? null : this.axis.place(this.cursor);
  }

  /** Draws both charts, if there is a run. */
  draw() {
    if (!this.state) return;
    this.axis.update();
    if (this.resized) {
      this.resized = false;
      this.loss.resize();
      this.accuracy.resize();
    }
    this.loss.draw(this.cursor !== null);
    this.accuracy.draw(this.cursor !== null);
    // uPlot settles its scales in a microtask: what stands on the curves is placed behind it.
    queueMicrotask(() => {
      for (const { chart } of [this.loss, this.accuracy]) if (chart !== this.pointed) placeCursor(chart, this.cursorPlace);
      this.#read();
    });
  }

  #read() {
    const { state, cursor, axis } = this;
    const racing = state.variants.filter((variant) => variant.divergedAt === null);
    const reached = Math.min(...racing.map((variant) => axis.at(variant, lastIteration(variant))), axis.end);
    const x = this.cursorPlace ?? (Number.isFinite(reached) ? reached : 0);
    this.loss.read(x, capital(placeText(axis.base, x)), cursor !== null);
    const epochs = this.#epochsAt(x, racing);
    const shared = axis.sharesEpochs || (cursor === null && epochs.every((epoch) => epoch === epochs[0]));
    this.accuracy.read(epochs, shared ? CHART.atEpoch(integer(epochs[0])) : capital(placeText(axis.base, x)), cursor !== null);
    const at = Math.round(axis.toReference(x));
    for (const [host, chart] of [[this.hosts.loss, this.loss], [this.hosts.accuracy, this.accuracy]]) {
      setAttr(host, 'aria-valuemax', Math.max(at, state.total));
      setAttr(host, 'aria-valuenow', at);
      setAttr(host, 'aria-valuetext', cursor === null ? axis.even ? CHART.all(integer(state.total)) : CHART.allEpochs(integer(state.settings.epochs)) : spoken(chart.readout, state));
    }
  }

  /** Which epoch's end is told of each variant: at the cursor, or the last that all have ended. */
  #epochsAt(x, racing) {
    const { state, axis } = this;
    if (this.cursor === null) {
      const done = Math.min(...racing.map(({ epochs }) => epochs.epoch.last ?? 0));
      return state.variants.map(() => (Number.isFinite(done) ? done : 0));
    }
    const within = (epoch) => Math.min(state.settings.epochs, Math.max(1, epoch));
    if (axis.sharesEpochs) return state.variants.map(() => within(Math.round(x / axis.epochEnd(axis.reference, 1))));
    return state.variants.map((variant) => Math.floor(axis.iterationAt(variant, x) / variant.schedule.perEpoch + 1e-6));
  }

  /** Arrows move the cursor, with Shift or Page keys by an epoch; + and − zoom around it; Escape shows all. */
  #key(event) {
    if (!this.state || event.altKey || event.ctrlKey || event.metaKey) return;
    const { perEpoch } = this.axis.reference.schedule;
    const total = Math.ceil(this.axis.limit - 1e-6);
    const [from, to] = this.#span();
    const onEpochs = event.currentTarget === this.hosts.accuracy;
    const step = event.shiftKey || onEpochs ? perEpoch : Math.max(1, Math.round((to - from) / 500));
    const at = this.cursor ?? Math.min(total, Math.round(this.axis.toReference(Math.max(...this.state.variants.map((variant) => this.axis.at(variant, lastIteration(variant)))))));
    const moves = { ArrowLeft: at - step, ArrowDown: at - step, ArrowRight: at + step, ArrowUp: at + step, PageUp: at + perEpoch, PageDown: at - perEpoch, Home: 1, End: total };
    if (event.key in moves) this.#moveTo(moves[event.key]);
    else if (event.key === '+' || event.key === '=') this.#zoomBy(0.5, at);
    else if (event.key === '-') this.#zoomBy(2, at);
    else if (event.key === 'Escape' || event.key === '0') {
      if (this.cursor !== null && event.key === 'Escape') this.moveCursor(null);
      else this.zoom(null);
    } else return;
    this.pointed = null;
    event.preventDefault();
  }

  #zoomBy(factor, around) {
    const [from, to] = this.#span();
    const centre = Math.min(to, Math.max(from, around));
    this.zoomTo([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }

  /** The iterations of the reference in view. */
  #span() {
    return this.view.zoom ?? [0, Math.ceil(this.axis.limit - 1e-6)];
  }
}

function spoken(readout, { variants }) {
  const parts = variants.map((variant, index) => `${variantLabel(variant)} ${readout.cells[index].value.textContent} ${readout.cells[index].note.textContent}`.trim());
  if (readout.difference) parts.push(CHART.differenceSpoken(readout.difference.textContent));
  return `${readout.place.textContent}: ${parts.join(', ')}`;
}
