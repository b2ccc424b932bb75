/**
 * The two charts on their one time base: a shared window of iterations, a shared cursor, one drawing a frame.
 * `view` is the part of the page's address that concerns them: { smooth, log, zoom }.
 */
import { setAttr } from '../page/dom.js';
import { lastIteration } from '../run/state.js';
import { integer } from '../text/numbers.js';
import { CHART, variantLabel } from '../text/text.js';
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

  show(state, inks) {
    this.state = state;
    this.cursor = null;
    this.loss.show(state, inks);
    this.accuracy.show(state, inks);
    this.redraw();
  }

  /** The state has gone back in time. */
  rewind() {
    this.loss.rewind();
    this.accuracy.perEpoch = null;
  }

  /** The iterations in view. */
  window() {
    return this.view.zoom ?? [0, this.state.total];
  }

  setView({ smooth, log, zoom, band }) {
    Object.assign(this.view, { smooth, log, zoom, band });
    this.redraw();
  }

  zoom(window) {
    let zoom = null;
    if (window) {
      const from = Math.max(0, Math.floor(window[0]));
      const to = Math.min(this.state.total, Math.ceil(window[1]));
      zoom = to - from >= 2 && to - from < this.state.total ? [from, to] : to - from < 2 ? this.view.zoom : null;
    }
    this.view.zoom = zoom;
    this.zoomed(zoom);
    this.redraw();
  }

  moveCursor(x) {
    this.cursor = x === null ? null : Math.min(this.state.total, Math.max(1, Math.round(x)));
    this.redraw();
  }

  /** Draws both charts, if there is a run. */
  draw() {
    if (!this.state) return;
    if (this.resized) {
      this.resized = false;
      this.loss.resize();
      this.accuracy.resize();
    }
    this.loss.draw(this.cursor !== null);
    this.accuracy.draw(this.cursor !== null);
    // uPlot settles its scales in a microtask: what stands on the curves is placed behind it.
    queueMicrotask(() => {
      for (const { chart } of [this.loss, this.accuracy]) if (chart !== this.pointed) placeCursor(chart, this.cursor);
      this.#read();
    });
  }

  #read() {
    const { state, cursor } = this;
    const { perEpoch } = state;
    const reached = Math.min(...state.variants.filter((v) => v.divergedAt === null).map(lastIteration), state.total);
    const at = cursor ?? (Number.isFinite(reached) ? reached : 0);
    const done = Math.min(...state.variants.map((v) => v.epochs.epoch.last ?? 0).filter((_, i) => state.variants[i].divergedAt === null));
    const epoch = cursor === null ? (Number.isFinite(done) ? done : 0) : Math.min(state.settings.epochs, Math.max(1, Math.round(cursor / perEpoch)));
    this.loss.read(at, CHART.atIteration(integer(at)), cursor !== null);
    this.accuracy.read(epoch, CHART.atEpoch(integer(epoch)), cursor !== null);
    for (const [host, chart] of [[this.hosts.loss, this.loss], [this.hosts.accuracy, this.accuracy]]) {
      setAttr(host, 'aria-valuemax', state.total);
      setAttr(host, 'aria-valuenow', at);
      setAttr(host, 'aria-valuetext', cursor === null ? CHART.all(integer(state.total)) : spoken(chart.readout, state));
    }
  }

  /** Arrows move the cursor, with Shift or Page keys by an epoch; + and − zoom around it; Escape shows all. */
  #key(event) {
    if (!this.state || event.altKey || event.ctrlKey || event.metaKey) return;
    const { perEpoch, total } = this.state;
    const onEpochs = event.currentTarget === this.hosts.accuracy;
    const step = event.shiftKey || onEpochs ? perEpoch : Math.max(1, Math.round((this.window()[1] - this.window()[0]) / 500));
    const at = this.cursor ?? Math.min(total, Math.max(...this.state.variants.map(lastIteration)));
    const moves = { ArrowLeft: at - step, ArrowDown: at - step, ArrowRight: at + step, ArrowUp: at + step, PageUp: at + perEpoch, PageDown: at - perEpoch, Home: 1, End: total };
    if (event.key in moves) this.moveCursor(moves[event.key]);
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
    const [from, to] = this.window();
    const centre = Math.min(to, Math.max(from, around));
    this.zoom([centre - (centre - from) * factor, centre + (to - centre) * factor]);
  }
}

function spoken(readout, { variants }) {
  const parts = variants.map((variant, index) => `${variantLabel(variant)} ${readout.cells[index].value.textContent} ${readout.cells[index].note.textContent}`.trim());
  if (readout.difference) parts.push(CHART.differenceSpoken(readout.difference.textContent));
  return `${readout.place.textContent}: ${parts.join(', ')}`;
}
