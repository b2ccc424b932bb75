/** The name and the note of the run in view: shown as plain text, and changed in place. */
import { setAttr, setText } from '../page/dom.js';
import * as api from '../server/api.js';
import { LABEL, SAY, runTitle } from '../text/text.js';

export class Label {
  /** @param parts { title, edit, form, note }: elements; `changed(run)` is told of the run with its new label */
  constructor({ title, edit, form, note }, changed) {
    Object.assign(this, { title, edit, form, note, changed, state: null });
    this.name = form.elements.name;
    this.words = form.elements.note;
    this.error = form.querySelector('[data-part="error"]');
    setAttr(edit, 'aria-label', LABEL.edit);
    setAttr(edit, 'title', LABEL.edit);
    setAttr(this.words, 'placeholder', LABEL.notePlaceholder);
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

  #open() {
    this.name.value = this.state.name ?? '';
    this.words.value = this.state.note ?? '';
    setAttr(this.name, 'placeholder', runTitle(this.state.settings));
    this.#refuse(null);
    this.form.hidden = false;
    this.draw();
    this.name.focus();
    this.name.select();
  }

  #close() {
    this.form.hidden = true;
    this.draw();
    this.edit.focus();
  }

  async #save() {
    const { id } = this.state;
    try {
      const run = await api.labelRun(id, { name: this.name.value, note: this.words.value });
      this.changed(run);
      if (this.state.id === id) this.#close();
    } catch (problem) {
      this.#refuse(problem);
    }
  }

  #refuse(problem) {
    const errors = Object.entries(problem?.errors ?? {});
    for (const input of [this.name, this.words]) setAttr(input, 'aria-invalid', errors.some(([field]) => field === input.name) ? 'true' : null);
    const words = errors.length > 0 ? errors.map(([field, message]) => `${LABEL[field] ?? field} ${message}.`).join(' ') : problem?.offline ? SAY.labelFailed : (problem?.message ?? '');
    this.error.hidden = problem === null;
    setText(this.error, words);
  }
}
