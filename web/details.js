/** What a run was made of, its numbers to take away, and what can be done with it once it has ended. */
import { csvPath, eventsPath } from './api.js';
import { el, setText } from './dom.js';
import { NONE, exactTime, integer, loss, percent } from './numbers.js';
import { hasEnded } from './state.js';
import { hasTwin } from './trainmode.js';
import { DELAY, SAY, STATUS, TRAIN_MODE, delaySummary, readable, variantFacts, variantLabel } from './text.js';

export class Details {
  /** @param actions { again(settings), remove(id) → promise } */
  constructor({ facts, table, downloads, actions }, { remove }) {
    Object.assign(this, { facts, table, downloads, actions, remove });
    this.fold = table.closest('details');
    this.fold.addEventListener('toggle', () => {
      this.rows = -1;
      this.draw();
    });
  }

  /** @param delays milliseconds from the end of a step to its being on the screen, one for each painted frame */
  show(state, schema, delays) {
    this.state = state;
    this.delays = delays;
    this.rows = -1;
    this.asked = false;
    this.drawnStatus = null;
    this.schema = schema;
    this.downloads.replaceChildren(
      el('a', { href: csvPath(state.id), download: `tandem-${state.id}.csv`, text: 'Curves (CSV)' }),
      el('a', { href: eventsPath(state.id), download: `tandem-${state.id}.json`, text: 'Events (JSON)' }),
    );
    this.draw();
  }

  draw() {
    const { state } = this;
    if (!state) return;
    if (this.drawnStatus !== state.status) {
      this.drawnStatus = state.status;
      this.facts.replaceChildren(...this.#facts());
      this.#drawActions();
    }
    const rows = Math.max(...state.variants.map(({ epochs }) => epochs.epoch.length));
    if (this.fold.open && rows !== this.rows) {
      this.rows = rows;
      this.#drawTable(rows);
    }
  }

  #facts() {
    const { settings, run, status } = this.state;
    const properties = this.schema?.properties ?? {};
    const rows = Object.entries(settings)
      .filter(([key]) => key !== 'variants')
      .map(([key, value]) => [properties[key]?.title ?? key, readable(value)]);
    settings.variants.forEach((variant, index) => rows.push([`Variant ${index + 1}`, variantFacts(variant)]));
    rows.push(['Status', STATUS[status] ?? status], ['Created', exactTime(run.createdAt)]);
    rows.push(['Started', run.startedAt ? exactTime(run.startedAt) : NONE], ['Ended', run.finishedAt ? exactTime(run.finishedAt) : NONE]);
    rows.push(['Run', run.id]);
    if (hasEnded(status) && this.delays.length > 0) rows.push([DELAY, delaySummary(this.delays)]);
    return rows.map(([name, value]) => el('div', {}, el('dt', { text: name }), el('dd', { text: value })));
  }

  #drawActions() {
    const { state } = this;
    if (!hasEnded(state.status)) {
      this.actions.replaceChildren(el('p', { class: 'quiet', text: 'A run can be deleted once it has ended.' }));
      return;
    }
    if (!this.asked) {
      this.actions.replaceChildren(el('button', { type: 'button', class: 'plain', 'data-testid': 'delete', text: 'Delete run', onclick: () => this.#ask(true) }));
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
    const keep = el('button', { type: 'button', class: 'plain', text: 'Keep it', onclick: () => this.#ask(false) });
    this.actions.replaceChildren(
      el('p', { text: SAY.confirmDelete }),
      el('button', { type: 'button', class: 'plain danger', 'data-testid': 'delete-confirm', text: 'Delete', onclick: confirm }),
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
    const head = el('tr', {}, el('th', { scope: 'col', text: 'Epoch' }));
    for (const variant of variants) {
      for (const what of ['training loss', 'test loss', 'test accuracy', ...(hasTwin(this.state, variant) ? [TRAIN_MODE.column] : [])]) head.append(el('th', { scope: 'col' }, el('span', { text: variantLabel(variant) }), ` ${what}`));
    }
    const body = el('tbody');
    for (let k = 0; k < rows; k++) {
      const row = el('tr', {}, el('th', { scope: 'row', text: integer(k + 1) }));
      for (const variant of variants) {
        const { epochs } = variant;
        const has = k < epochs.epoch.length;
        row.append(
          el('td', { text: has ? loss(epochs.trainLoss.at(k)) : NONE }),
          el('td', { text: has ? loss(epochs.testLoss.at(k)) : NONE }),
          el('td', { text: has ? percent(epochs.testAccuracy.at(k), settings.testExamples) : NONE }),
          ...(hasTwin(this.state, variant) ? [el('td', { text: has ? percent(epochs.trainModeAccuracy.at(k), settings.testExamples) : NONE })] : []),
        );
      }
      body.append(row);
    }
    this.table.replaceChildren(el('caption', { class: 'unseen', text: 'Results at the end of each epoch' }), el('thead', {}, head), body);
  }
}
