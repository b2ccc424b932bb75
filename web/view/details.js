/** What a run was made of, its numbers to take away, and what can be done with it once it has ended. */
import { hasTwin } from '../chart/trainmode.js';
import { el, setText } from '../page/dom.js';
import { imagesOf } from '../run/datasets.js';
import { hasEnded } from '../run/state.js';
import { csvPath, eventsPath, layersPath } from '../server/api.js';
import { NONE, exactTime, integer, loss, percent } from '../text/numbers.js';
import { DELAY, DETAILS, FORM, SAY, STATUS, TRAIN_MODE, dataFacts, delaySummary, meanText, readable, variantFacts, variantLabel } from '../text/text.js';
import { Models } from './models.js';
import { drawRepeats } from './repeats.js';

export class Details {
  /** @param actions { again(settings), remove(id) → promise } */
  constructor({ facts, table, repeats, downloads, models, actions }, { remove }) {
    Object.assign(this, { facts, table, repeats, downloads, actions, remove, models: new Models(models) });
    this.folds = [table, repeats].map((of) => of.closest('details'));
    for (const fold of this.folds) {
      fold.addEventListener('toggle', () => {
        this.rows = null;
        this.draw();
      });
    }
  }

  /** @param delays from the end of a step to its being on the screen */
  show(state, schema, delays) {
    this.state = state;
    this.delays = delays;
    this.rows = null;
    this.asked = false;
    this.drawnStatus = null;
    this.schema = schema;
    this.downloads.replaceChildren(
      el('a', { href: csvPath(state.id), download: `tandem-${state.id}.csv`, text: DETAILS.csv }),
      ...(state.settings.lens ? [el('a', { href: layersPath(state.id), download: `tandem-${state.id}-layers.csv`, text: DETAILS.layers })] : []),
      el('a', { href: eventsPath(state.id), download: `tandem-${state.id}.json`, text: DETAILS.json }),
    );
    this.models.show(state);
    this.draw();
  }

  draw() {
    const { state } = this;
    if (!state) return;
    this.models.draw();
    const stands = `${state.status} ${state.data?.test}`;
    if (this.drawnStatus !== stands) {
      this.drawnStatus = stands;
      this.facts.replaceChildren(...this.#facts());
      this.#drawActions();
    }
    const rows = state.variants.flatMap(({ members }) => members.map(({ epochs, status }) => `${epochs.epoch.length} ${status}`)).join();
    if (rows === this.rows || !this.folds.some(({ open }) => open)) return;
    this.rows = rows;
    const [byEpoch, byRepeat] = this.folds;
    if (byEpoch.open) this.#drawTable(Math.max(...state.variants.map(({ epochs }) => epochs.epoch.length)));
    if (byRepeat.open && state.repeats > 1) drawRepeats(this.repeats, state);
  }

  #facts() {
    const { settings, run, status } = this.state;
    const properties = this.schema?.properties ?? {};
    const rows = Object.entries(settings)
      .filter(([key]) => key !== 'variants')
      .map(([key, value]) => [properties[key]?.title ?? key, readable(value)]);
    this.state.variants.forEach((variant, index) => rows.push([FORM.variant(index + 1), variantFacts(variant)]));
    rows.push(...dataFacts(this.state.data, imagesOf(this.state)));
    rows.push([DETAILS.status, STATUS[status] ?? status], [DETAILS.created, exactTime(run.createdAt)]);
    rows.push([DETAILS.started, run.startedAt ? exactTime(run.startedAt) : NONE], [DETAILS.ended, run.finishedAt ? exactTime(run.finishedAt) : NONE]);
    rows.push([DETAILS.run, run.id]);
    if (hasEnded(status) && this.delays.recent.length > 0) rows.push([DELAY, delaySummary(this.delays)]);
    return rows.map(([name, value]) => el('div', {}, el('dt', { text: name }), el('dd', { text: value })));
  }

  #drawActions() {
    const { state } = this;
    if (!hasEnded(state.status)) {
      this.actions.replaceChildren(el('p', { class: 'quiet', text: DETAILS.deletable }));
      return;
    }
    if (!this.asked) {
      this.actions.replaceChildren(el('button', { type: 'button', class: 'plain', 'data-testid': 'delete', text: DETAILS.remove, onclick: () => this.#ask(true) }));
      return;
    }
    const note = el('p', { class: 'error', role: 'alert', hidden: true });
    const confirm = async () => {
      try {
        await this.remove(state.id);
      } catch (problem) {
        note.hidden = false;
        setText(note, problem.offline || !problem.message ? SAY.deleteFailed : problem.message);
      }
    };
    const keep = el('button', { type: 'button', class: 'plain', text: DETAILS.keep, onclick: () => this.#ask(false) });
    this.actions.replaceChildren(
      el('p', { text: SAY.confirmDelete }),
      el('button', { type: 'button', class: 'plain danger', 'data-testid': 'delete-confirm', text: DETAILS.removeForGood, onclick: confirm }),
      keep,
      note,
    );
    keep.focus();
  }

  #ask(asked) {
    this.asked = asked;
    this.#drawActions();
    if (!asked) this.actions.querySelector('button')?.focus();
  }

  #drawTable(rows) {
    const { variants, settings } = this.state;
    const head = el('tr', {}, el('th', { scope: 'col', text: DETAILS.epoch }));
    for (const variant of variants) {
      for (const what of [...DETAILS.columns, ...(hasTwin(this.state, variant) ? [TRAIN_MODE.column] : [])]) head.append(el('th', { scope: 'col' }, el('span', { text: variantLabel(variant) }), ` ${what}`));
    }
    const body = el('tbody');
    for (let k = 0; k < rows; k++) {
      const row = el('tr', {}, el('th', { scope: 'row', text: integer(k + 1) }));
      for (const variant of variants) {
        const { epochs, pools } = variant;
        const has = k < epochs.epoch.length;
        row.append(
          el('td', { text: has ? loss(epochs.trainLoss.at(k)) : NONE }),
          el('td', { text: has ? loss(epochs.testLoss.at(k)) : NONE }),
          el('td', { text: !has ? NONE : pools ? meanText(pools.epochs.testAccuracy.of(k), settings.testExamples) : percent(epochs.testAccuracy.at(k), settings.testExamples) }),
          ...(hasTwin(this.state, variant) ? [el('td', { text: has ? percent(epochs.trainModeAccuracy.at(k), settings.testExamples) : NONE })] : []),
        );
      }
      body.append(row);
    }
    this.table.replaceChildren(el('caption', { class: 'unseen', text: DETAILS.caption }), el('thead', {}, head), body);
  }
}
