/**
 * The run in view, drawn: header, lanes, verdict, charts, details. `ask()` may be called at any rate;
 * drawing happens once an animation frame.
 */
import { Charts } from '../chart/charts.js';
import { refit } from '../chart/plot.js';
import { byId, setAttr, setText } from '../page/dom.js';
import { inks } from '../page/palette.js';
import { defaultsOf } from '../run/idle.js';
import { regather } from '../run/member.js';
import { presetOf } from '../run/presets.js';
import { hasEnded, lastIteration } from '../run/state.js';
import { Lines } from '../run/lines.js';
import { Stretches } from '../run/stretch.js';
import * as api from '../server/api.js';
import { Delays } from '../server/delays.js';
import { resolutionOf } from '../server/race.js';
import { ServerClock } from '../server/serverclock.js';
import { LOOK, PRESET, REPLAY, SAY, lacking, summary, tabTitle, titleOf, verdict } from '../text/text.js';
import { ThinkView } from '../think/think.js';
import { Details } from './details.js';
import { DifferenceView } from './differenceview.js';
import { Findings } from './findings.js';
import { LiveDot, showStatus } from './header.js';
import { Label } from './label.js';
import { Lanes } from './lanes.js';
import { LensView } from './lensview.js';
import { Pace } from './pace.js';
import { isShort } from './replay.js';
import { Takeaway } from './takeaway.js';

const ANNOUNCE_EVERY = 5000;
const NOTICE_LASTS = 6000;

export class Screen {
  constructor(view, { zoomed, remove, painted, change, again, labelled }) {
    this.painted = painted;
    this.state = null;
    this.notice = null;
    this.pending = false;
    this.measuredAt = null;
    this.announcedAt = -Infinity;
    this.dot = new LiveDot(byId('live'));
    this.delays = new Delays(new ServerClock(api.getClock), { report: api.reportDelays, measured: () => this.live && this.dot.measured(this.delays) });
    this.label = new Label({ title: byId('run-title'), edit: byId('label-edit'), form: byId('label-form'), note: byId('run-note') }, labelled);
    this.pace = new Pace(byId('pace'), (words) => this.say(words));
    this.stretches = new Stretches({ fetch: api.getLosses, filled: () => this.#filled() });
    this.lines = new Lines({ fetch: (state, weight) => api.getSmoothed(state.id, weight, resolutionOf(state)), filled: () => this.#filled() });
    this.lanes = new Lanes(byId('lanes'));
    const hosts = { loss: byId('loss'), lossReadout: byId('loss-readout'), accuracy: byId('accuracy'), accuracyReadout: byId('accuracy-readout') };
    this.charts = new Charts(hosts, view, { redraw: () => this.ask(), zoomed });
    this.difference = new DifferenceView(byId('difference'), view, {
      change,
      redraw: () => this.ask(),
      axis: () => this.charts.axis,
      window: () => this.charts.window(),
      cursor: (x) => this.charts.moveCursor(x),
      zoom: (window) => this.charts.zoom(window),
    });
    this.lens = new LensView(byId('lens'), view, {
      change,
      redraw: () => this.ask(),
      axis: () => this.charts.axis,
      window: () => this.charts.window(),
      cursor: (x) => this.charts.moveCursor(x),
      zoom: (window) => this.charts.zoom(window),
    });
    this.findings = new Findings(byId('findings'), { again, look: (window) => this.#look(window) });
    this.think = new ThinkView(byId('think'), view, { change, redraw: () => this.ask() });
    this.takeaway = new Takeaway(byId('takeaway'), view, (state) => this.lines.settle(state, view.smooth));
    this.details = new Details({ facts: byId('facts'), table: byId('table'), repeats: byId('repeats-table'), downloads: byId('downloads'), models: byId('models'), actions: byId('actions') }, { remove });
  }

  /** Puts a run in view; `notice` is a sentence that stands in place of its verdict. */
  show(state, schema, notice = null) {
    this.state = state;
    this.shown = state;
    this.notice = notice;
    this.measuredAt = null;
    this.delays.clear();
    this.dot.hush();
    const real = state.id !== null;
    this.#showParts(state);
    this.think.show(state, inks(state.variants));
    byId('main').classList.toggle('empty', !real);
    this.label.show(state, notice ? '' : SAY.noTitle);
    setText(byId('run-summary'), real ? summary(state.settings, defaultsOf(schema)) : '');
    const preset = real ? presetOf(state.settings, defaultsOf(schema)) : null;
    byId('look').hidden = preset === null;
    setText(byId('look'), preset ? LOOK + PRESET[preset.id].look : '');
    if (real) this.takeaway.show(state, schema);
    if (real) this.details.show(state, schema, this.delays);
    else this.details.state = null;
    document.body.classList.remove('loading');
    this.ask();
  }

  #showParts(state) {
    document.body.classList.toggle('repeated', state.repeats > 1);
    const colours = inks(state.variants);
    this.lanes.show(state, colours);
    this.charts.show(state, colours);
    this.findings.show(state);
    this.difference.show(state, colours);
    this.lens.show(state, colours);
  }

  /** Draws the run in view as it stood at a moment, or, without one, as it stands. */
  showMoment(moment, back = false) {
    const state = moment ?? this.state;
    if (!state) return;
    if (this.shown !== state) {
      this.shown = state;
      this.#showParts(state);
    } else if (back) this.charts.rewind();
    this.ask();
  }

  /** A closer look has brought more points of what is in view. */
  #filled() {
    for (const state of new Set([this.state, this.shown])) state.variants.forEach(regather);
    this.charts.rewind();
    this.ask();
  }

  /** A sentence in place of the verdict, for a while. */
  say(text) {
    const notice = { text };
    this.notice = notice;
    this.ask();
    setTimeout(() => {
      if (this.notice !== notice) return;
      this.notice = null;
      this.ask();
    }, NOTICE_LASTS);
  }

  /** Brings the lanes into sight, if they are not: there a run begins. */
  reveal() {
    const race = byId('race');
    const { top, bottom } = race.getBoundingClientRect();
    // Where it comes to lie is clear of the page's head.
    if (top < parseFloat(getComputedStyle(race).scrollMarginTop) || bottom > innerHeight) race.scrollIntoView({ block: 'start' });
  }

  /** Brings a stretch of the charts into sight. */
  #look(window) {
    this.charts.zoomTo(window);
    byId('loss-title').closest('section').scrollIntoView({ block: 'start' });
    byId('accuracy').focus({ preventScroll: true });
  }

  /** Draws all of it, in sight or not, for paper or for the screen again. */
  print(printing) {
    for (const view of [this.difference, this.lens]) {
      if (printing) Object.assign(view, { wasSeen: view.seen, seen: true });
      else view.seen = view.wasSeen;
    }
    for (const view of [this.charts, this.difference, this.lens]) view.resized = true;
    this.details.rows = null;
    this.#paint(performance.now());
    // What is compared is none of this view's.
    refit();
  }

  ask() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame((now) => {
      this.pending = false;
      this.#paint(now);
    });
  }

  #paint(now) {
    const { state, shown } = this;
    if (!state) return;
    const replayed = shown !== state;
    if (shown === state) this.stretches.look(state, this.#inView());
    if (state.id !== null) this.lines.look(state, this.charts.view.smooth);
    this.charts.draw();
    this.findings.draw();
    this.difference.draw(this.charts.loss.smoothed, this.charts.cursorPlace);
    this.lens.draw(this.charts.cursorPlace);
    this.lanes.draw(shown, (index) => this.charts.loss.latest(index));
    const real = state.id !== null;
    const ended = hasEnded(state.status);
    showStatus(byId('run-status'), real && !this.notice?.gone ? (replayed ? 'replay' : state.status) : null);
    byId('cancel').hidden = !real || ended;
    byId('cancel').disabled = state.cancelling;
    setText(byId('cancel'), state.cancelling ? SAY.cancelling : SAY.cancel);
    this.pace.show(real && !ended && !replayed ? state.id : null, state.pace);
    this.label.draw();
    byId('again').hidden = !real || !ended;
    byId('replay-open').hidden = !real || replayed || lastIteration(state.variants[0]) === 0;
    setText(byId('replay-open'), !ended ? REPLAY.back : isShort(state) ? REPLAY.slowly : REPLAY.open);
    const title = tabTitle(real ? titleOf(state) : '', state.status);
    if (document.title !== title) document.title = title;
    this.#tell(this.notice?.text ?? verdict(shown), now);
    setAttr(byId('verdict').parentElement, 'data-many', state.variants.length > 2 ? '' : null);
    setAttr(byId('verdict').parentElement, 'data-whole', state.status === 'failed' || lacking(shown) ? '' : null);
    this.#measure();
    this.think.draw(replayed);
    this.details.draw();
    this.painted(state);
  }

  /** The iterations of each variant in view; null for all. */
  #inView() {
    const { axis, view } = this.charts;
    const window = this.charts.window();
    return view.zoom && this.state.variants.map((variant) => axis.stretchOf(variant, window));
  }

  #tell(words, now) {
    setText(byId('verdict'), words);
    setAttr(byId('verdict'), 'title', words);
    const announcer = byId('announcer');
    if (announcer.textContent === words) return;
    const wait = this.announcedAt + ANNOUNCE_EVERY - now;
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      this.announcedAt = performance.now();
      announcer.textContent = words;
    }, Math.max(0, wait));
  }

  /** How long the newest step in this frame has taken to get here. */
  #measure() {
    const { sentAt, history, status } = this.state;
    this.live = !hasEnded(status) && this.shown === this.state;
    if (!this.live) this.dot.hush();
    if (sentAt === null || history || sentAt === this.measuredAt) return;
    this.measuredAt = sentAt;
    if (this.live) this.delays.drawn(sentAt);
    else this.delays.skip = true;
  }
}
