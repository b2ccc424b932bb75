/** The editor of a run's variants: each has a name, if it is given one, and what differs in it from the run's settings. */
import { el } from '../page/dom.js';
import { inks } from '../page/palette.js';
import { swatch } from '../page/swatch.js';
import { applies, namesOf, nextValues, nextVariant, resolve, withoutGivenNames } from '../run/patches.js';
import { FORM } from '../text/text.js';
import { newDifference } from './difference.js';
import { newField } from './fields.js';

/**
 * @param schema of the variants
 * @param run    () → all settings of the run as the form has them, defaults included
 */
export function newVariants(schema, run) {
  const { name: nameSchema, ...offered } = schema.items.properties;
  const properties = Object.fromEntries(Object.entries(offered).filter(([, property]) => isChoice(property)));
  const { minItems = 1, maxItems = 8 } = schema;
  const error = el('p', { class: 'error', 'data-testid': 'error-variants', id: 'field-variants-error', hidden: true });
  const list = el('div', { class: 'variant-list' });
  const add = el('button', { type: 'button', class: 'plain', 'data-testid': 'add-variant', text: FORM.addVariant, onclick: addRow });
  const root = el('fieldset', { class: 'variants', 'aria-describedby': error.id }, el('legend', { text: schema.title }), list, error, add);
  let rows = [];

  /** What is said of the variants, as far as it plays a part. */
  const said = () => rows.map(saidBy);

  function saidBy({ name, differences }) {
    const given = name.read();
    const patch = Object.fromEntries(differences.map((difference) => [difference.field, difference.read()]).filter(([, value]) => value !== undefined));
    const settings = resolve(run(), patch);
    for (const field of Object.keys(patch)) if (!applies(properties[field], settings)) delete patch[field];
    return given === undefined ? patch : { name: given, ...patch };
  }

  function addRow() {
    const variants = said();
    build([...variants, nextVariant(properties, run(), variants)]);
    const row = rows.at(-1);
    (row.differences[0]?.input ?? row.name.input).focus();
  }

  function removeRow(index) {
    build(said().filter((_, other) => other !== index));
    (rows[Math.min(index, rows.length - 1)]?.remove ?? add).focus();
  }

  /** Another field differs in a variant; what is usual for it is a value that the others don't have. */
  function propose(index, field) {
    const used = [run(), ...said().map((variant) => resolve(run(), variant))].map((settings) => settings[field]);
    return nextValues(field, properties, used, run())[0] ?? properties[field].enum?.[0] ?? run()[field];
  }

  function build(variants) {
    rows = variants.map(newRow);
    list.replaceChildren(...rows.map((row) => row.root));
    for (const row of rows) row.remove.disabled = rows.length <= minItems;
    add.disabled = rows.length >= maxItems;
    repaint();
  }

  /** What depends on other fields: colours, names to be, which fields can be chosen. */
  function repaint() {
    const settings = run();
    const variants = said();
    const all = variants.map((variant) => resolve(settings, variant));
    const names = namesOf(properties, settings, variants.map(({ name, ...patch }) => patch));
    const chosen = inks(all);
    rows.forEach((row, index) => {
      row.swatch.replaceChildren(swatch(chosen[index]));
      row.name.input.placeholder = names[index];
      const taken = row.differences.map(({ field }) => field);
      const free = Object.keys(properties).filter((field) => applies(properties[field], all[index]));
      for (const difference of row.differences) {
        difference.offer(free.filter((field) => !taken.includes(field)), settings[difference.field]);
        difference.root.hidden = !free.includes(difference.field);
      }
      row.none.hidden = row.differences.some(({ root }) => !root.hidden);
      row.differ.disabled = free.every((field) => taken.includes(field));
    });
  }

  function newRow({ name: given, ...patch }, index) {
    const name = newField(`variants[${index}].name`, nameSchema, { compact: true, placeholder: '' });
    name.write(given);
    const place = el('span', { class: 'variant-swatch' });
    const remove = el('button', { type: 'button', class: 'plain', 'aria-label': FORM.removeVariant(index + 1), text: FORM.remove, onclick: () => removeRow(index) });
    const head = el('div', { class: 'variant-head' }, place, el('span', { text: FORM.variant(index + 1) }), remove);
    const none = el('p', { class: 'help', text: FORM.noDifference });
    const shown = el('div', { class: 'differences' });
    const differ = el('button', { type: 'button', class: 'plain', text: FORM.addDifference, 'aria-label': FORM.addDifferenceTo(index + 1), onclick: () => differMore(row) });
    const row = { index, name, remove, none, differ, shown, differences: [], swatch: place };
    row.root = el('div', { class: 'variant', role: 'group', 'aria-label': FORM.variant(index + 1) }, head, name.root, shown, none, differ);
    for (const [field, value] of Object.entries(patch)) if (properties[field]) put(row, field, value);
    return row;
  }

  /** A difference at the end of a variant's, or in the place of another. */
  function put(row, field, value, instead = null) {
    const difference = newDifference(`variants[${row.index}]`, properties, field, {
      changed: (other) => {
        put(row, other, propose(row.index, other), difference).select.focus();
        repaint();
      },
      removed: () => {
        row.differences = row.differences.filter((other) => other !== difference);
        difference.root.remove();
        repaint();
        row.differ.focus();
      },
    });
    difference.write(value);
    if (instead) instead.root.replaceWith(difference.root);
    else row.shown.append(difference.root);
    row.differences = instead ? row.differences.map((other) => (other === instead ? difference : other)) : [...row.differences, difference];
    return difference;
  }

  function differMore(row) {
    const taken = row.differences.map(({ field }) => field);
    const settings = resolve(run(), saidBy(row));
    const free = Object.keys(properties).filter((field) => !taken.includes(field) && applies(properties[field], settings));
    const others = rows.flatMap(({ differences }) => differences.map(({ field }) => field));
    const field = free.find((candidate) => others.includes(candidate)) ?? free[0];
    put(row, field, propose(row.index, field)).select.focus();
    repaint();
  }

  function write(variants) {
    build(withoutGivenNames(properties, run(), variants ?? schema.default));
  }

  function read() {
    const variants = said();
    return JSON.stringify(variants) === JSON.stringify(schema.default) ? undefined : variants;
  }

  write(schema.default);
  return {
    root,
    read,
    write,
    repaint,
    fields: () => rows.flatMap(({ name, differences }) => [name, ...differences]),
    setError: (message) => {
      error.hidden = !message;
      error.textContent = message ?? '';
    },
    focusable: () => add,
  };
}

/** A field with one value only leaves nothing to choose. */
export const isChoice = (property) => !property.readOnly && property.enum?.length !== 1;
