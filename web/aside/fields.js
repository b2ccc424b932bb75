/**
 * One field of the form from its JSON Schema. A field answers what was typed: a number if it reads as one,
 * else the raw text, so that the server is the judge; nothing when it is empty.
 */
import { el } from '../page/dom.js';
import { FORM, VALUE } from '../text/text.js';

const UNTOUCHED = undefined;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export function typed(text) {
  const trimmed = text.trim();
  if (trimmed === '') return UNTOUCHED;
  return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
}

const typedList = (text) => {
  if (text.trim() === '') return UNTOUCHED;
  return text.split(text.includes(',') ? ',' : /\s+/).map((part) => typed(part) ?? '');
};

const shown = (value) => (value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value));

/**
 * @param path   the field's name in the request and in the server's errors, as variants[1].name
 * @param schema its JSON Schema
 * @param errors  where its error stands, if not under it
 * @param choices { value, text, title, disabled } of a choice, where the schema's own values don't say enough
 * @returns { path, root, input, read(), write(value), setError(message or null) }
 */
export function newField(path, schema, { placeholder = shown(schema.default), compact = false, errors = null, choices = choicesOf(schema) } = {}) {
  const title = schema.title ?? path;
  const id = `field-${path.replace(/\W+/g, '-')}`;
  const help = compact || !schema.description ? null : el('p', { class: 'help', id: `${id}-help`, text: schema.description });
  const error = el('p', { class: 'error', id: `${id}-error`, 'data-testid': `error-${path}`, hidden: true });
  const ticked = schema.type === 'boolean';
  const input = ticked ? newTick(id, schema) : schema.enum ? newSelect(id, schema, choices) : newText(id, schema, placeholder);
  input.name = path;
  if (help) input.setAttribute('aria-describedby', help.id);
  const label = el('label', { for: id, text: title });
  const named = ticked ? [el('div', { class: 'tick' }, input, label)] : [label, input];
  const root = el('div', { class: `field${compact ? ' compact' : ''}` }, ...named, help, errors ? null : error);
  errors?.append(error);
  if (compact && schema.description) root.title = schema.description;
  return {
    path,
    root,
    input,
    read: () => readField(input, schema),
    write: (value) => {
      if (ticked) input.checked = value ?? schema.default ?? false;
      else if (schema.enum) choose(input, value ?? schema.default ?? schema.enum[0]);
      else input.value = shown(value);
    },
    setError: (message) => setError(input, error, help, message && sentence(title, message)),
  };
}

function newText(id, schema, placeholder) {
  const numeric = { integer: 'numeric', number: 'decimal' }[schema.type];
  return el('input', { id, type: 'text', inputmode: numeric ?? 'text', placeholder, autocomplete: 'off', spellcheck: 'false' });
}

function newTick(id, schema) {
  const input = el('input', { id, type: 'checkbox' });
  input.checked = schema.default ?? false;
  return input;
}

const choicesOf = (schema) => schema.enum?.map((value) => ({ value, text: VALUE[value] ?? value }));

/** A value that isn't there any more stands among the others, so that it isn't taken for one of them. */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.append(el('option', { value, text: FORM.gone(value) }));
  select.value = value;
}

function newSelect(id, schema, choices) {
  const select = el('select', { id }, ...choices.map(({ value, text, title, disabled }) => el('option', { value, text, title, disabled })));
  select.value = schema.default ?? schema.enum[0];
  return select;
}

function readField(input, schema) {
  if (schema.type === 'boolean') return input.checked === (schema.default ?? false) ? UNTOUCHED : input.checked;
  if (schema.enum) return input.value === schema.default ? UNTOUCHED : input.value;
  if (schema.type === 'array') return typedList(input.value);
  if (schema.type === 'string') return input.value.trim() || UNTOUCHED;
  return typed(input.value);
}

/** The server says “must be …”; the field's title makes a sentence of it. */
function sentence(title, message) {
  const whole = /^\p{Ll}/u.test(message) ? `${title} ${message}` : message;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

function setError(input, error, help, message) {
  error.hidden = !message;
  error.textContent = message ?? '';
  const described = [message && error.id, help?.id].filter(Boolean).join(' ');
  if (described) input.setAttribute('aria-describedby', described);
  else input.removeAttribute('aria-describedby');
  if (message) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}
