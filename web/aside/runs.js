/** The list of runs, newest first: the history. */
import { sparkline } from '../chart/sparkline.js';
import { el, setAttr, setText } from '../page/dom.js';
import { inks } from '../page/palette.js';
import { writeView } from '../page/url.js';
import { MOST_RUNS } from '../run/compare.js';
import { fold, hasEnded, newState } from '../run/state.js';
import { spread } from '../run/stats.js';
import * as api from '../server/api.js';
import { percent, when, exactTime } from '../text/numbers.js';
import { COMPARE, SAY, STATUS, headings, variantLabel } from '../text/text.js';

const PAGE = 30;
const LONGEST_OUTLINE = 200_000;

export class Runs {
  /** @param parts { list, note, more }: elements; `defaults` of the schema; `choose(id)` on a click, `pick(id, chosen)` on a tick */
  constructor({ list, note, more }, choose, pick) {
    Object.assign(this, { list, note, more, choose, pick, picked: null, order: { find: '', sort: 'newest' } });
    this.defaults = {};
    this.items = new Map();
    this.outlines = new Map();
    this.waiting = [];
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

  get newest() {
    return this.items.values().next().value?.run ?? null;
  }

  /** Reads the newest runs; what is listed stays unless the server no longer has it. */
  async refresh() {
    const runs = await api.getRuns(PAGE);
    const known = new Set(runs.map((run) => run.id));
    const oldest = runs.at(-1)?.createdAt ?? '';
    for (const [id, { run }] of this.items) if (!known.has(id) && (runs.length < PAGE || run.createdAt >= oldest)) this.remove(id);
    for (const run of runs.toReversed()) this.put(run);
    this.more.hidden = runs.length < PAGE;
    this.#empty();
    return runs;
  }

  async #older() {
    const last = [...this.items.keys()].at(-1);
    try {
      const runs = await api.getRuns(PAGE, last);
      for (const run of runs) this.put(run);
      this.more.hidden = runs.length < PAGE;
    } catch {
      this.more.hidden = false;
    }
  }

  put(run) {
    let item = this.items.get(run.id);
    if (!item) {
      item = this.#newItem(run);
      this.items.set(run.id, item);
      const sorted = [...this.items].sort(([, a], [, b]) => (a.run.createdAt < b.run.createdAt ? 1 : -1));
      this.items = new Map(sorted);
      this.list.append(item.root);
      this.seen.observe(item.root);
    }
    item.run = run;
    this.#draw(item);
    this.#drawPick(run.id, item);
    if (hasEnded(run.status) && item.onScreen) this.#outline(run.id);
    this.arrange();
  }

  remove(id) {
    this.items.get(id)?.root.remove();
    this.items.delete(id);
    this.outlines.delete(id);
    this.#empty();
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

  /** Puts the list in an order, and shows only what has all the words. */
  arrange(order = this.order) {
    this.order = order;
    const words = order.find.toLowerCase().split(/\s+/);
    const items = [...this.items.values()];
    if (order.sort === 'oldest') items.reverse();
    if (order.sort === 'best') items.sort((a, b) => best(b.run) - best(a.run));
    items.forEach((item, index) => {
      const text = `${item.title.textContent} ${item.facts.textContent} ${item.status.textContent} ${item.run.note ?? ''}`.toLowerCase();
      item.root.hidden = !words.every((word) => text.includes(word));
      if (this.list.children[index] !== item.root) this.list.insertBefore(item.root, this.list.children[index] ?? null);
    });
    this.#empty();
  }

  #empty() {
    const nothing = this.items.size > 0 && [...this.items.values()].every(({ root }) => root.hidden);
    if (nothing) {
      this.note.hidden = false;
      setText(this.note, SAY.noRunsFound);
      return;
    }
    this.note.hidden = this.items.size > 0;
    setText(this.note, SAY.noRunsListed);
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
    const colours = inks(settings.variants);
    const words = headings(run, this.defaults);
    setAttr(item.link, 'title', run.note || null);
    setText(item.title, words[0]);
    setAttr(item.box, 'aria-label', COMPARE.box(`${words.join(', ')}, ${when(run.createdAt)}`));
    setText(item.facts, words[1]);
    setText(item.status, STATUS[run.status] ?? run.status);
    setAttr(item.status, 'data-status', run.status);
    setAttr(item.link, 'data-variants', settings.variants.length);
    setText(item.time, when(run.createdAt));
    setAttr(item.time, 'datetime', run.createdAt);
    setAttr(item.time, 'title', exactTime(run.createdAt));
    setAttr(item.link, 'aria-current', run.id === this.selected ? 'true' : null);
    item.scores.replaceChildren(
      ...settings.variants.map((variant, index) =>
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
    const iterations = (settings.trainingExamples / settings.batchSize) * settings.epochs * settings.variants.length * (settings.repeats ?? 1);
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

/** The test accuracies of every variant, one an epoch; the mean of several repeats. */
const accuraciesOf = ({ variants }) => variants.map(({ epochs }) => Array.from(epochs.testAccuracy.values.subarray(0, epochs.testAccuracy.length)));

const trainingsOf = ({ trainings }, { name, normalization }) => trainings.filter(({ variant }) => variant === (name ?? normalization));

/** The last test accuracy of the trainings that did not diverge, on the average. */
function score(trainings, { testExamples }) {
  if (trainings.length > 0 && trainings.every(({ status }) => status === 'diverged')) return STATUS.diverged.toLowerCase();
  return percent(meanAccuracy(trainings), testExamples);
}

const meanAccuracy = (trainings) =>
  spread(trainings.filter(({ status, testAccuracy }) => status !== 'diverged' && Number.isFinite(testAccuracy)).map(({ testAccuracy }) => testAccuracy)).mean;

const best = (run) => Math.max(-1, ...run.settings.variants.map((variant) => meanAccuracy(trainingsOf(run, variant)) || -1));
