/** The form of a new run, drawn from the schema of a run request: a few fields in sight, the rest folded. */
import { el } from '../page/dom.js';
import { allDatasets, datasetOf } from '../run/datasets.js';
import { applies, resolve } from '../run/patches.js';
import { integer } from '../text/numbers.js';
import { FORM, SAY, refused } from '../text/text.js';
import { newField } from './fields.js';
import { isChoice, newVariants } from './variants.js';

/** Which fields stand together; those of a newer server that are none of these stand with the training. */
const GROUPS = {
  data: ['dataset', 'trainingExamples', 'testExamples'],
  network: ['network', 'hiddenLayers', 'activation', 'normalization', 'dropout', 'initialScale'],
  training: ['optimizer', 'momentum', 'weightDecay', 'seed', 'repeats'],
  watching: ['iterationsPerSecond', 'lens', 'trainModeTest'],
};
const groupOf = (name) => Object.keys(GROUPS).find((group) => GROUPS[group].includes(name)) ?? 'training';

const datasetChoices = () =>
  allDatasets().map(({ name, title, classes, training, test, fault }) => ({
    value: name,
    text: fault ? FORM.unusable(title) : FORM.dataset(title, integer(classes.length), integer(training), integer(test)),
    title: fault ?? null,
    disabled: Boolean(fault),
  }));

export class Form {
  /** @param submit request → promise; a `Problem` it throws is shown beside the fields it names */
  constructor(form, schema, submit) {
    this.schema = schema;
    this.submit = submit;
    this.busy = false;
    this.general = el('p', { class: 'error general', 'data-testid': 'error-form', role: 'alert', hidden: true });
    this.fields = new Map();
    const primary = el('div', { class: 'primary' });
    const primaryErrors = el('div', { class: 'primary-errors' });
    const rest = el('div', { class: 'rest' });
    const groups = new Map(Object.keys(GROUPS).map((name) => [name, el('fieldset', { class: 'group' }, el('legend', { text: FORM.group[name] }))]));
    for (const [name, property] of Object.entries(schema.properties)) {
      if (name === 'variants' || !isChoice(property)) continue;
      const inSight = property['x-primary'] === true;
      const field = newField(name, property, inSight ? { compact: true, errors: primaryErrors } : { placeholder: FORM.empty[name], ...(name === 'dataset' && { choices: datasetChoices() }) });
      this.fields.set(name, field);
      (inSight ? primary : groups.get(groupOf(name))).append(field.root);
    }
    const { variants } = schema.properties;
    this.variants = variants ? newVariants(variants, () => this.#settings()) : null;
    rest.append(...[...groups.values()].filter(({ children }) => children.length > 1), ...(this.variants ? [this.variants.root] : []));
    const reset = el('button', { type: 'button', class: 'plain', text: FORM.defaults, onclick: () => this.fill({}) });
    rest.append(reset);
    this.#adapt();
    this.fold = el('details', { class: 'fold' }, el('summary', { text: FORM.more }), rest);
    this.start = el('button', { type: 'submit', class: 'start', 'data-testid': 'start', text: FORM.start });
    form.replaceChildren(this.general, primary, primaryErrors, this.start, this.fold);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener('input', (event) => this.#fieldOf(event.target)?.setError(null));
    for (const kind of ['input', 'change']) form.addEventListener(kind, () => this.#adapt());
  }

  /** All settings of the run as they stand here; in place of what can't be read, the defaults. */
  #settings() {
    const settings = {};
    for (const [name, property] of Object.entries(this.schema.properties)) {
      if (name === 'variants') continue;
      const value = this.fields.get(name)?.read();
      settings[name] = isOf(property, value) ? value : property.default;
    }
    return settings;
  }

  /** What was typed: only the fields that hold something of their own. */
  request() {
    const request = {};
    for (const [name, field] of this.fields) {
      const value = field.root.hidden ? undefined : field.read();
      if (value !== undefined) request[name] = value;
    }
    const variants = this.variants?.read();
    if (variants !== undefined) request.variants = variants;
    return request;
  }

  /** Writes a run's settings into the form. */
  fill(settings) {
    this.#clear();
    for (const [name, field] of this.fields) field.write(settings[name]);
    this.variants?.write(settings.variants);
    this.#adapt();
  }

  /** Shows what plays a part in some variant, and what depends on other fields. */
  #adapt() {
    this.#limit();
    const run = this.#settings();
    const all = [run, ...(this.variants?.read() ?? this.schema.properties.variants?.default ?? []).map((variant) => resolve(run, variant))];
    for (const [name, field] of this.fields) field.root.hidden = !all.some((settings) => applies(this.schema.properties[name], settings));
    this.variants?.repaint();
  }

  /** An empty number of images stands for no more than the dataset has. */
  #limit() {
    const dataset = datasetOf(this.fields.get('dataset')?.input.value);
    for (const [name, count] of [['trainingExamples', dataset?.training], ['testExamples', dataset?.test]]) {
      const field = this.fields.get(name);
      if (field) field.input.placeholder = String(Math.min(this.schema.properties[name].default, count ?? Infinity));
    }
  }

  /** The server answers again: that it did not is no longer so. */
  reached() {
    if (this.general.textContent === SAY.unreachable) this.general.hidden = true;
  }

  /** Fills the form and starts, as if it had been typed. */
  startWith(settings) {
    this.fill(settings);
    return this.#send();
  }

  focus() {
    this.start.focus({ preventScroll: false });
  }

  async #send() {
    if (this.busy) return;
    this.busy = true;
    this.start.setAttribute('aria-disabled', 'true');
    this.#clear();
    try {
      await this.submit(this.request());
    } catch (problem) {
      this.#show(problem);
    } finally {
      this.busy = false;
      this.start.removeAttribute('aria-disabled');
    }
  }

  #clear() {
    this.general.hidden = true;
    this.general.textContent = '';
    for (const field of this.#all()) field.setError(null);
    this.variants?.setError(null);
  }

  #show(problem) {
    const errors = Object.entries(problem.errors ?? {});
    const homeless = [];
    const faulty = [];
    for (const [path, message] of errors) {
      const field = this.#find(path);
      if (field) {
        field.setError(message);
        faulty.push(field.input ?? field.focusable());
      } else homeless.push(`${path}: ${message}`);
    }
    const general = errors.length === 0 ? refused(problem) : homeless.length > 0 ? homeless.join('. ') : SAY.checkFields;
    this.general.textContent = general;
    this.general.hidden = false;
    if (faulty.some((input) => this.fold.contains(input))) this.fold.open = true;
    faulty.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    faulty[0]?.focus();
  }

  /** The field at a path, or the nearest one around it: hiddenLayers[0] is shown at hiddenLayers. */
  #find(path) {
    for (let at = path; at !== ''; at = at.replace(/(\.[^.[\]]+|\[\d+\]|^[^.[\]]+)$/, '')) {
      const field = this.#all().find((candidate) => candidate.path === at);
      if (field) return field;
      if (at === 'variants') return this.variants;
    }
    return null;
  }

  #fieldOf(input) {
    return this.#all().find((field) => field.input === input);
  }

  #all() {
    return [...this.fields.values(), ...(this.variants?.fields() ?? [])];
  }
}

/** Does it read as what the schema asks for? Its bounds are the server's. */
function isOf({ type }, value) {
  if (type === 'array') return Array.isArray(value) && value.every(Number.isFinite);
  return type === 'integer' || type === 'number' ? Number.isFinite(value) : value !== undefined;
}
