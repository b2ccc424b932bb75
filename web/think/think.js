/**
 * The section that asks the networks: an image that somebody draws or chooses, the test images that one of two gets
 * wrong, and what each takes for what. Nothing is asked while the section is out of sight.
 */
import { el, setAttr, setText } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { imagesOf } from '../run/datasets.js';
import { pairOf } from '../run/difference.js';
import { hasEnded } from '../run/state.js';
import { askNetworks, getPredictions } from '../server/api.js';
import { THINK, onPad, padText, variantLabel } from '../text/text.js';
import { AnswersView } from './answersview.js';
import { Asking } from './asking.js';
import { ConfusionView } from './confusionview.js';
import { SIDE } from './images.js';
import { Pad } from './pad.js';
import { paintImage } from './paint.js';
import { TestImages } from './testimages.js';
import { WrongView } from './wrongview.js';

const ASK_EVERY = 250;
const TEST_EVERY = 500;

/** A network that can't answer yet is asked again so much later. */
const AGAIN = 1000;

export class ThinkView {
  /** @param handlers change(part of the view), redraw() */
  constructor(root, view, { change, redraw }) {
    Object.assign(this, { root, view, redraw, state: null, repeat: 1, answers: null, table: null, seen: false });
    this.tests = new TestImages(() => this.#imagesCame());
    this.pad = new Pad({ changed: () => this.#imageChanged(), step: (by) => this.#step(by) });
    this.answersView = new AnswersView();
    this.wrong = new WrongView(this.tests, (index) => this.#put(index));
    this.confusion = new ConfusionView();
    this.asking = new Asking(() => this.#ask(), (answer, problem) => this.#answered(answer, problem), ASK_EVERY);
    this.testing = new Asking(() => getPredictions(this.state.id, this.repeat), (table, problem) => this.#tested(table, problem), TEST_EVERY);
    this.pairs = el('select', { 'aria-label': THINK.pair, 'data-testid': 'think-pair', hidden: true, onchange: (event) => change({ pair: event.target.value.split('-').map(Number) }) });
    this.repeats = el('select', { 'aria-label': THINK.repeat, 'data-testid': 'think-repeat', hidden: true, onchange: (event) => this.#choose(Number(event.target.value)) });
    this.#build();
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      redraw();
    }, { rootMargin: '200px' }).observe(root);
  }

  #build() {
    const button = (text, testid, onclick, label = null) => el('button', { type: 'button', class: 'plain', 'data-testid': testid, 'aria-label': label, title: label, text, onclick });
    this.what = el('p', { class: 'pad-what', 'data-testid': 'on-pad' });
    this.small = el('canvas', { width: SIDE, height: SIDE, 'aria-hidden': 'true' });
    this.get = el('p', { class: 'quiet' });
    this.keys = el('p', { class: 'hint', id: 'pad-keys' });
    this.replayed = el('p', { class: 'quiet replayed', hidden: true, text: THINK.replay });
    this.previous = button('←', 'previous-digit', () => this.#step(-1));
    this.next = button('→', 'next-digit', () => this.#step(1));
    const buttons = el('div', { class: 'pad-buttons' }, this.previous, this.next, button(THINK.clear, 'clear-pad', () => this.pad.clear()));
    const left = el('div', { class: 'pad-side' }, this.pad.root, this.what, buttons, el('div', { class: 'pad-get' }, this.small, this.get));
    this.root.replaceChildren(
      el('header', {}, el('h2', { id: 'think-title', text: THINK.title }), el('p', { class: 'quiet', text: THINK.about }), this.pairs, this.repeats),
      this.replayed,
      el('div', { class: 'think-ask' }, left, this.answersView.root),
      this.keys,
      this.wrong.root,
      this.confusion.root,
    );
  }

  show(state, inks) {
    if (this.state?.id !== state.id) this.repeat = 1;
    Object.assign(this, { state, inks, drawn: null, asked: null, testedAt: null, answers: null, table: null });
    this.note = THINK.asking;
    this.asking.forget();
    this.testing.forget();
    this.root.hidden = state.id === null;
    if (state.id === null) return;
    this.tests.of(state);
    const { variants, settings } = state;
    const repeats = settings.repeats ?? 1;
    const pairs = variants.flatMap((_, b) => variants.slice(0, b).map((__, a) => [a, b]));
    this.pairs.replaceChildren(...pairs.map((pair) => el('option', { value: pair.join('-'), text: pair.map((index) => variantLabel(variants[index])).join(' / ') })));
    this.pairs.hidden = pairs.length < 2;
    this.repeats.replaceChildren(...Array.from({ length: repeats }, (_, k) => el('option', { value: k + 1, text: THINK.repeatOf(k + 1, repeats, settings.seed + k) })));
    this.repeats.hidden = repeats === 1;
    this.repeats.value = String(this.repeat);
    this.redraw();
  }

  #choose(repeat) {
    this.repeat = repeat;
    Object.assign(this, { asked: null, testedAt: null, drawn: null, answers: null, table: null });
    this.asking.forget();
    this.testing.forget();
    this.redraw();
  }

  get networks() {
    return this.pair.map((index) => ({ variant: this.state.variants[index], ink: this.inks[index] }));
  }

  /** Brings what is seen up to date with the run, and asks anew where it has moved on. */
  draw(replayed = false) {
    const { state } = this;
    if (!state || state.id === null) return;
    this.replayed.hidden = !replayed;
    this.#prepare();
    if (!this.seen) return;
    const members = state.variants.map((variant) => variant.members[this.repeat - 1]).filter(Boolean);
    const tested = [state.status, ...members.map(({ epochs, status }) => `${epochs.epoch.length} ${status}`)].join();
    if (tested !== this.testedAt) {
      this.testedAt = tested;
      this.testing.want();
    }
    const reached = [tested, ...members.map(({ iterations }) => iterations.last ?? 0)].join();
    if (this.pad.image && reached !== this.asked) {
      this.asked = reached;
      this.asking.want();
    }
    if (!this.pad.touched) this.#step(0);
  }

  /** Everything is drawn anew for another pair, or in the colours of another theme. */
  #prepare() {
    this.pair = pairOf(this.state, this.view.pair);
    const images = imagesOf(this.state);
    const key = [this.state.id, this.pair, this.repeat, colour('ink'), images.classes].join();
    if (key === this.drawn) return;
    this.drawn = key;
    this.images = images;
    this.pairs.value = this.pair.join('-');
    setText(this.keys, THINK.keys(images));
    this.#sayStep(this.previous, THINK.previous(images));
    this.#sayStep(this.next, THINK.next(images));
    this.pad.show(images);
    this.answersView.show(this.networks, images);
    this.wrong.show(this.networks, images);
    this.confusion.show(this.networks, images);
    this.pad.paint();
    this.#paintSmall();
    this.#sayGet();
    this.#drawAnswers();
    this.#drawTable();
  }

  #sayStep(button, text) {
    setAttr(button, 'aria-label', text);
    setAttr(button, 'title', text);
  }

  // ---- the image -----------------------------------------------------------------------------

  #imageChanged() {
    const { pad } = this;
    this.#paintSmall();
    if (this.images) this.#sayGet();
    if (pad.image) this.asking.want();
    else {
      this.asking.forget();
      this.answers = null;
    }
    if (this.drawn) this.#drawAnswers();
  }

  #sayGet() {
    setText(this.get, this.pad.test === null ? THINK.get(this.images) : THINK.getTest(this.images));
  }

  #paintSmall() {
    if (this.pad.image) paintImage(this.small, this.pad.image);
    else this.small.getContext('2d').clearRect(0, 0, SIDE, SIDE);
  }

  /** Another test image; where there is none on the pad, the first. */
  #step(by) {
    const last = this.state.settings.testExamples - 1;
    this.#put(this.pad.test === null ? 0 : Math.min(last, Math.max(0, this.pad.test + by)));
  }

  /** Puts a test image on the pad, as soon as it is here. */
  #put(index) {
    const held = this.tests.get(index);
    this.wanted = held ? null : index;
    if (held) this.pad.showTest(index, held);
  }

  #imagesCame() {
    if (this.wanted !== null && this.wanted !== undefined && this.tests.get(this.wanted)) this.#put(this.wanted);
    if (this.drawn) this.#drawTable();
  }

  // ---- answers -------------------------------------------------------------------------------

  async #ask() {
    const { answers } = await askNetworks(this.state.id, this.repeat, [...this.pad.image]);
    return answers;
  }

  #answered(answers, problem) {
    if (!this.drawn) return;
    this.note = problem ? (problem.offline ? THINK.offline : problem.message) : '';
    this.answers = answers && this.pad.image ? answers : null;
    if (answers?.some(({ unavailable }) => unavailable) && !hasEnded(this.state.status)) this.asking.later(AGAIN);
    this.#drawAnswers();
  }

  #drawAnswers() {
    const { pad } = this;
    const chosen = this.answers && this.networks.map(({ variant }) => this.answers.find((answer) => answer.variant === variant.name) ?? null);
    const said = this.answersView.draw(chosen, pad.image ? this.note : THINK.nothing(this.images));
    setText(this.what, pad.test === null ? (pad.image ? THINK.drawing : ' ') : onPad(pad.test, pad.label, this.images));
    setAttr(pad.canvas, 'aria-valuemax', this.state.settings.testExamples);
    setAttr(pad.canvas, 'aria-valuenow', pad.test === null ? 0 : pad.test + 1);
    setAttr(pad.canvas, 'aria-valuetext', padText({ test: pad.test, label: pad.label, blank: !pad.image }, said, this.images));
  }

  // ---- the test set --------------------------------------------------------------------------

  #tested(table, problem) {
    if (!this.drawn) return;
    this.table = table;
    this.tableNote = problem ? (problem.offline ? THINK.offline : problem.message) : THINK.asking;
    if (table?.variants.some(({ unavailable }) => unavailable) && !hasEnded(this.state.status)) this.testing.later(AGAIN);
    this.#drawTable();
  }

  #drawTable() {
    setAttr(this.root, 'data-table', String(this.table !== null));
    this.wrong.draw(this.table, this.tableNote ?? THINK.asking);
    this.confusion.draw(this.table, this.tableNote ?? THINK.asking);
  }
}
