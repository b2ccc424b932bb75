/**
 * The name and the note of the run in view: shown as plain text, and changed in place. Only what was changed is sent.
 * If somebody else has changed the same meanwhile, their text is shown beside the reader's, who then chooses.
 */
import { el, setAttr, setText } from '../page/dom.js';
import * as api from '../server/api.js';
import { LABEL, SAY, runTitle } from '../text/text.js';

export class Label {
  /** @param parts { title, edit, form, note }: elements; `changed(run)` is told of the run with its new label */
  constructor({ title, edit, form, note }, changed) {
    Object.assign(this, { title, edit, form, note, changed, state: null });
    this.inputs = { name: form.elements.name, note: form.elements.note };
    this.error = form.querySelector('[data-part="error"]');
    setAttr(edit, 'aria-label', LABEL.edit);
    setAttr(edit, 'title', LABEL.edit);
    setAttr(this.inputs.note, 'placeholder', LABEL.notePlaceholder);
    edit.addEventListener('click', () => (form.hidden ? this.#open() : this.#close()));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#save();
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#save();
    });
    form.querySelector('[data-part="cancel"]').addEventListener('click', () => this.#close());
  }

  /** @param state of the run in view; `elsewise` stands in place of a title where there is no run */
  show(state, elsewise) {
    if (this.state?.id !== state.id) this.form.hidden = true;
    this.state = state;
    this.elsewise = elsewise;
    this.draw();
  }

  draw() {
    const { state } = this;
    const real = state.id !== null;
    this.edit.hidden = !real;
    setText(this.title, real ? (state.name ?? runTitle(state.settings)) : this.elsewise);
    this.note.hidden = !real || state.note === null || !this.form.hidden;
    setText(this.note, state.note ?? '');
    setAttr(this.edit, 'aria-expanded', String(!this.form.hidden));
  }

  /** What is changed is what the server has now: the page may be behind. */
  async #open() {
    const { id, name, note, settings } = this.state;
    const label = await api.getLabel(id).catch(() => ({ name, note, tag: null }));
    if (this.state.id !== id) return;
    this.#begin(label);
    for (const [field, input] of Object.entries(this.inputs)) input.value = this.base[field];
    setAttr(this.inputs.name, 'placeholder', runTitle(settings));
    this.#refuse(null);
    this.form.hidden = false;
    this.draw();
    this.inputs.name.focus();
    this.inputs.name.select();
  }

  /** Changes are measured against this. */
  #begin({ name, note, tag }) {
    this.base = { name: name ?? '', note: note ?? '' };
    this.tag = tag;
    this.form.querySelectorAll('.theirs').forEach((theirs) => theirs.remove());
  }

  #close() {
    this.form.hidden = true;
    this.draw();
    this.edit.focus();
  }

  async #save() {
    const { id } = this.state;
    const mine = Object.fromEntries(Object.entries(this.inputs).map(([field, input]) => [field, input.value.trim()]).filter(([field, text]) => text !== this.base[field]));
    if (Object.keys(mine).length === 0) return this.#close();
    try {
      const run = await api.labelRun(id, mine, this.tag);
      this.changed(run);
      if (this.state.id === id) this.#close();
    } catch (problem) {
      if (this.state.id !== id) return;
      if (problem.status === 412 && problem.current) this.#meet(problem, mine);
      else this.#refuse(problem);
    }
  }

  /** Somebody was faster. What the reader has not touched becomes theirs; the rest is the reader's to choose. */
  #meet({ current, tag }, mine) {
    const before = this.base;
    this.#begin({ ...current, tag });
    const fields = Object.keys(this.inputs);
    const both = fields.filter((field) => field in mine && this.base[field] !== before[field] && this.base[field] !== mine[field]);
    for (const field of fields) if (!(field in mine)) this.inputs[field].value = this.base[field];
    if (both.length === 0) return this.#save();
    both.forEach((field) => this.#showTheirs(field));
    this.#refuse({ message: LABEL.conflict });
    this.inputs[both[0]].focus();
    return null;
  }

  #showTheirs(field) {
    const text = this.base[field];
    const take = () => {
      this.inputs[field].value = text;
      theirs.remove();
      this.#refuse(null);
      this.inputs[field].focus();
    };
    const theirs = el(
      'div',
      { class: 'theirs', 'data-testid': `theirs-${field}` },
      el('p', { class: 'quiet', text: LABEL.theirs }),
      el('p', { class: 'text', dir: 'auto', text: text || LABEL.nothing }),
      el('button', { type: 'button', class: 'plain', text: LABEL.take, onclick: take }),
    );
    this.inputs[field].closest('.field').append(theirs);
  }

  #refuse(problem) {
    const errors = Object.entries(problem?.errors ?? {});
    for (const input of Object.values(this.inputs)) setAttr(input, 'aria-invalid', errors.some(([field]) => field === input.name) ? 'true' : null);
    const words = errors.length > 0 ? errors.map(([field, message]) => `${LABEL[field] ?? field} ${message}.`).join(' ') : problem?.offline ? SAY.labelFailed : (problem?.message ?? '');
    this.error.hidden = problem === null;
    setText(this.error, words);
  }
}
