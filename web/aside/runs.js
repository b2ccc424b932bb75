/**
 * The list of runs: the history, newest first, or as the server finds and sorts it by what the reader asks for. In the
 * first case new runs are put where they belong; in the others the server is asked again, for it alone knows.
 */
import { sparkline } from '../chart/sparkline.js';
import { el, setAttr, setText } from '../page/dom.js';
import { inks } from '../page/palette.js';
import { SORTS, writeView } from '../page/url.js';
import { MOST_RUNS } from '../run/compare.js';
import { fold, hasEnded, newState } from '../run/state.js';
import { spread } from '../run/stats.js';
import { scheduleOf, variantsOf } from '../run/variants.js';
import * as api from '../server/api.js';
import { percent, when, exactTime } from '../text/numbers.js';
import { COMPARE, SAY, STATUS, headings, variantLabel } from '../text/text.js';

const PAGE = 30;
/** The most that the server answers at once. */
const LARGEST_PAGE = 200;
const LONGEST_OUTLINE = 200_000;
/** So long nothing is typed, in milliseconds, before the server is asked; and so long between two changes it is asked for. */
const TYPING = 200;
const SETTLING = 500;

export class Runs {
  /** @param parts { list, note, more }: elements; `defaults` of the schema; `choose(id)` on a click, `pick(id, chosen)` on a tick */
  constructor({ list, note, more }, choose, pick) {
    Object.assign(this, { list, note, more, choose, pick, picked: null, order: { find: '', sort: SORTS[0] } });
    this.defaults = {};
    this.items = new Map();
    this.outlines = new Map();
    this.waiting = [];
    this.newest = null;
    /** What the server has answered: in which order, which runs, how many there are, and where the next page begins. */
    this.answer = { order: this.order, ids: [], found: 0, total: 0, next: null };
    /** How many runs are to be listed at least. */
    this.room = PAGE;
    this.asked = 0;
    this.timer = null;
    this.seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => this.#outline(entry.target.dataset.runId)));
    more.addEventListener('click', () => this.#older());
    this.day = new Date().toDateString();
    setInterval(() => this.#turnDay(), 30_000);
    document.addEventListener('visibilitychange', () => this.#turnDay());
  }

  /** After midnight, today's runs are yesterday's. */
  #turnDay() {
    const day = new Date().toDateString();
    if (day === this.day) return;
    this.day = day;
    for (const item of this.items.values()) this.#draw(item);
  }

  /** Reads the first page anew, or as much as is listed; what the server no longer has goes. */
  async refresh() {
    const ticket = ++this.asked;
    clearTimeout(this.timer);
    this.timer = null;
    const { order } = this;
    const limit = Math.min(LARGEST_PAGE, this.room);
    const [page, newest] = await Promise.all([api.getRuns({ limit, ...order }), isPlain(order) ? null : api.getRuns({ limit: 1 })]);
    this.newest = (newest ?? page).runs[0] ?? null;
    if (ticket !== this.asked) return page.runs;
    if (isPlain(order)) this.#forgetLost(page);
    this.#take(order, page, []);
    return page.runs;
  }

  /** What the server had once and has no more. */
  #forgetLost({ runs, next }) {
    const known = new Set(runs.map((run) => run.id));
    const oldest = runs.at(-1)?.createdAt ?? '';
    for (const [id, { run }] of this.items) if (!known.has(id) && (!next || run.createdAt >= oldest)) this.#drop(id);
  }

  #take(order, { runs, found = runs.length, total = found, next = null }, before) {
    this.answer = { order, ids: [...before, ...runs.map((run) => run.id)], found, total, next };
    for (const run of runs.toReversed()) this.#keep(run);
    this.#show();
  }

  async #older() {
    const ticket = ++this.asked;
    const { order, ids, next } = this.answer;
    try {
      const page = await api.getRuns({ limit: PAGE, before: next, ...order });
      if (ticket !== this.asked) return;
      this.room += PAGE;
      this.#take(order, page, ids);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** Puts the list in an order, of the runs that have all the words. */
  arrange({ find, sort }) {
    const typed = find !== this.order.find;
    this.order = { find, sort };
    this.room = PAGE;
    this.#ask(typed ? TYPING : 0);
  }

  #ask(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh().catch((problem) => this.#failed(problem)), wait);
  }

  /** The list stands as it was; the next connection brings it. */
  #failed(problem) {
    this.#say(problem.offline ? SAY.listFailed : problem.message);
  }

  put(run) {
    const before = this.items.get(run.id)?.heard;
    if (!this.newest || run.createdAt >= this.newest.createdAt) this.newest = run;
    this.#keep(run).heard = run;
    this.#show();
    const changed = before?.status !== run.status || before.name !== run.name || before.note !== run.note;
    if (changed) this.#askAgain();
  }

  /** Something has changed that may have its place in the list, or none any more. */
  #askAgain() {
    if (!isPlain(this.order) && !this.timer) this.#ask(SETTLING);
  }

  #keep(run) {
    let item = this.items.get(run.id);
    if (!item) {
      item = this.#newItem(run);
      this.items.set(run.id, item);
      this.seen.observe(item.root);
    }
    item.run = run;
    this.#draw(item);
    this.#drawPick(run.id, item);
    if (hasEnded(run.status) && item.onScreen) this.#outline(run.id);
    return item;
  }

  remove(id) {
    this.#drop(id);
    if (this.newest?.id === id) this.newest = this.#newestFirst()[0]?.run ?? null;
    this.#show();
    this.#askAgain();
  }

  #drop(id) {
    this.items.get(id)?.root.remove();
    this.items.delete(id);
    this.outlines.delete(id);
  }

  #newestFirst() {
    return [...this.items.values()].sort((a, b) => (a.run.createdAt < b.run.createdAt ? 1 : -1));
  }

  /** Brings the elements into the order of the list, moving only those that have to. */
  #show() {
    const { order, ids, found, total, next } = this.answer;
    const shown = isPlain(order) ? this.#newestFirst() : ids.map((id) => this.items.get(id)).filter(Boolean);
    const roots = new Set(shown.map(({ root }) => root));
    for (const root of [...this.list.children]) if (!roots.has(root)) root.remove();
    shown.forEach(({ root }, index) => {
      if (this.list.children[index] !== root) this.list.insertBefore(root, this.list.children[index] ?? null);
    });
    this.more.hidden = next === null;
    if (order.find.trim() !== '') this.#say(found === 0 ? SAY.noRunsFound(total) : SAY.runsFound(found, total));
    else this.#say(shown.length === 0 ? SAY.noRunsListed : '');
  }

  #say(words) {
    this.note.hidden = words === '';
    setText(this.note, words);
  }

  select(id) {
    this.selected = id;
    for (const [key, item] of this.items) setAttr(item.link, 'aria-current', key === id ? 'true' : null);
  }

  /** The run in view is known to the last event: its line is drawn from there. */
  follow(state) {
    const item = this.items.get(state.id);
    if (!item) return;
    const count = state.variants.flatMap(({ members }) => members).reduce((sum, { epochs }) => sum + epochs.epoch.length, 0);
    if (count === item.followed?.count && state.status === item.followed.status) return;
    item.followed = { count, status: state.status };
    this.outlines.set(state.id, accuraciesOf(state));
    item.run = {
      ...item.run,
      status: state.status,
      trainings: item.run.trainings.map((training) => {
        const member = state.variants.find(({ name }) => name === training.variant)?.members[(training.repeat ?? 1) - 1];
        return { ...training, status: member?.status ?? training.status, testAccuracy: member?.epochs.testAccuracy.last ?? training.testAccuracy };
      }),
    };
    this.#draw(item);
  }

  /** Which runs are ticked for a comparison; null when none is being made. */
  setPicked(ids) {
    this.picked = ids;
    for (const [id, item] of this.items) this.#drawPick(id, item);
  }

  #drawPick(id, { box, run }) {
    const chosen = this.picked?.includes(id) ?? false;
    box.checked = chosen;
    box.disabled = !hasEnded(run.status) || (!chosen && (this.picked?.length ?? 0) >= MOST_RUNS);
  }

  #newItem(run) {
    const spark = el('span', { class: 'spark-place' });
    const title = el('span', { class: 'title' });
    const facts = el('span', { class: 'facts' });
    const status = el('span', { class: 'state' });
    const time = el('time', {});
    const scores = el('span', { class: 'scores' });
    const link = el('a', { href: writeView({ run: run.id, smooth: 0.9 }), onclick: (event) => this.#click(event, run.id) }, el('span', { class: 'top' }, title, time), facts, status, spark, scores);
    const box = el('input', { type: 'checkbox', class: 'pick', 'data-testid': 'pick', 'aria-label': COMPARE.box(when(run.createdAt)), onchange: () => this.pick(run.id, box.checked) });
    const root = el('li', { class: 'run', 'data-testid': 'run-item', 'data-run-id': run.id }, link, box);
    return { run, root, box, link, spark, title, facts, status, time, scores };
  }

  #click(event, id) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.choose(id);
  }

  #draw(item) {
    const { run } = item;
    const { settings } = run;
    const variants = variantsOf(settings);
    const colours = inks(variants);
    const words = headings(run, this.defaults);
    setAttr(item.link, 'title', run.note || null);
    setText(item.title, words[0]);
    setAttr(item.box, 'aria-label', COMPARE.box(`${words.join(', ')}, ${when(run.createdAt)}`));
    setText(item.facts, words[1]);
    setText(item.status, STATUS[run.status] ?? run.status);
    setAttr(item.status, 'data-status', run.status);
    setAttr(item.link, 'data-variants', variants.length);
    setText(item.time, when(run.createdAt));
    setAttr(item.time, 'datetime', run.createdAt);
    setAttr(item.time, 'title', exactTime(run.createdAt));
    setAttr(item.link, 'aria-current', run.id === this.selected ? 'true' : null);
    item.scores.replaceChildren(
      ...variants.map((variant, index) =>
        el(
          'span',
          { class: `score ${colours[index]}` },
          el('span', { class: 'unseen', text: ` ${variantLabel(variant)}: ` }),
          score(trainingsOf(run, variant), settings),
        ),
      ),
    );
    const outline = this.outlines.get(run.id);
    if (outline) item.spark.replaceChildren(sparkline(outline.map((ratios, index) => ({ ink: colours[index], ratios })), settings.epochs));
  }

  /** Fetches the curves of an ended run for its line, one run at a time. */
  async #outline(id) {
    const item = this.items.get(id);
    if (!item) return;
    item.onScreen = true;
    const { settings, status } = item.run;
    const iterations = variantsOf(settings).reduce((sum, variant) => sum + scheduleOf(variant.settings).total, 0) * (settings.repeats ?? 1);
    if (!hasEnded(status) || this.outlines.has(id) || iterations > LONGEST_OUTLINE || this.waiting.includes(id)) return;
    this.waiting.push(id);
    if (this.waiting.length > 1) return;
    while (this.waiting.length > 0) {
      const next = this.waiting[0];
      await this.#fetchOutline(next).catch(() => null);
      this.waiting.shift();
    }
  }

  async #fetchOutline(id) {
    const events = await api.getOutline(id);
    const item = this.items.get(id);
    if (!item || this.outlines.has(id)) return;
    const state = newState(item.run);
    fold(state, events);
    this.outlines.set(id, accuraciesOf(state));
    this.#draw(item);
  }
}

/** Are these simply all runs, newest first? */
const isPlain = ({ find, sort }) => find.trim() === '' && sort === SORTS[0];

/** The test accuracies of every variant, one an epoch; the mean of several repeats. */
const accuraciesOf = ({ variants }) => variants.map(({ epochs }) => Array.from(epochs.testAccuracy.values.subarray(0, epochs.testAccuracy.length)));

const trainingsOf = ({ trainings }, { name }) => trainings.filter(({ variant }) => variant === name);

/** The last test accuracy of the trainings that did not diverge, on the average. */
function score(trainings, { testExamples }) {
  if (trainings.length > 0 && trainings.every(({ status }) => status === 'diverged')) return STATUS.diverged.toLowerCase();
  return percent(meanAccuracy(trainings), testExamples);
}

const meanAccuracy = (trainings) =>
  spread(trainings.filter(({ status, testAccuracy }) => status !== 'diverged' && Number.isFinite(testAccuracy)).map(({ testAccuracy }) => testAccuracy)).mean;
