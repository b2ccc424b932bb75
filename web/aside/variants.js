/**
 * The editor of a run's variants: a few rows of a normalization, a name and a learning rate of its own. What else a
 * variant changes it keeps as it is.
 */
import { el } from '../page/dom.js';
import { inks } from '../page/palette.js';
import { swatch } from '../page/swatch.js';
import { FORM } from '../text/text.js';
import { newField } from './fields.js';

const SHOWN = ['normalization', 'name', 'learningRate'];
const MOST = 4;

export function newVariants(schema, learningRateInput) {
  const properties = schema.items.properties;
  const { minItems = 1, maxItems = MOST } = schema;
  const error = el('p', { class: 'error', 'data-testid': 'error-variants', id: 'field-variants-error', hidden: true });
  const list = el('div', { class: 'variant-list' });
  const add = el('button', { type: 'button', class: 'plain', text: FORM.addVariant, onclick: () => addRow({}, true) });
  const root = el('fieldset', { class: 'variants', 'aria-describedby': error.id }, el('legend', { text: schema.title }), list, error, add);
  let rows = [];

  function addRow(variant, focus = false) {
    rows.push(variant.normalization ? variant : { normalization: properties.normalization.enum.at(-1), ...variant });
    keep();
    build();
    if (focus) rows.at(-1).fields.normalization.input.focus();
  }

  function removeRow(index) {
    keep();
    rows.splice(index, 1);
    build();
    (rows[Math.min(index, rows.length - 1)]?.remove ?? add).focus();
  }

  /** What stands in the fields goes back into the rows before they are built again. */
  function keep() {
    rows = rows.map((row) => (row.fields ? valuesOf(row) : row));
  }

  const valuesOf = ({ fields, kept }) => ({
    ...kept,
    normalization: fields.normalization.input.value,
    name: fields.name.input.value,
    learningRate: fields.learningRate.input.value,
  });

  function build() {
    rows = rows.map((variant, index) => newRow(variant, index));
    list.replaceChildren(...rows.map((row) => row.root));
    for (const row of rows) row.remove.disabled = rows.length <= minItems;
    add.disabled = rows.length >= Math.min(maxItems, MOST);
    repaint();
  }

  function repaint() {
    const chosen = inks(rows.map(({ fields }) => ({ normalization: fields.normalization.input.value })));
    rows.forEach((row, index) => {
      row.swatch.replaceChildren(swatch(chosen[index]));
      row.fields.name.input.placeholder = row.fields.normalization.input.value;
      row.fields.learningRate.input.placeholder = learningRateInput?.value.trim() || learningRateInput?.placeholder || '';
    });
  }

  function newRow(variant, index) {
    const path = (key) => `variants[${index}].${key}`;
    const options = { compact: true, placeholder: '' };
    const fields = Object.fromEntries(SHOWN.map((key) => [key, newField(path(key), properties[key], options)]));
    for (const [key, field] of Object.entries(fields)) if (variant[key] !== undefined) field.write(variant[key]);
    fields.normalization.input.addEventListener('change', repaint);
    const place = el('span', { class: 'variant-swatch' });
    const remove = el('button', { type: 'button', class: 'plain', 'aria-label': FORM.removeVariant(index + 1), text: FORM.remove, onclick: () => removeRow(index) });
    const head = el('div', { class: 'variant-head' }, place, el('span', { text: FORM.variant(index + 1) }), remove);
    const kept = Object.fromEntries(Object.entries(variant).filter(([key]) => key in properties && !SHOWN.includes(key)));
    return { fields, kept, remove, swatch: place, root: el('div', { class: 'variant', role: 'group', 'aria-label': FORM.variant(index + 1) }, head, ...Object.values(fields).map((field) => field.root)) };
  }

  function write(variants) {
    rows = (variants ?? schema.default).map((variant) => ({ ...variant, name: variant.name === variant.normalization ? undefined : variant.name }));
    build();
  }

  function read() {
    const variants = rows.map(({ fields, kept }) => {
      const variant = { ...kept, normalization: fields.normalization.input.value };
      for (const key of Object.keys(fields)) {
        const value = key === 'normalization' ? undefined : fields[key].read();
        if (value !== undefined) variant[key] = value;
      }
      return variant;
    });
    return JSON.stringify(variants) === JSON.stringify(schema.default) ? undefined : variants;
  }

  learningRateInput?.addEventListener('input', repaint);
  write(schema.default);
  return {
    root,
    read,
    write,
    fields: () => rows.flatMap((row) => Object.values(row.fields)),
    setError: (message) => {
      error.hidden = !message;
      error.textContent = message ?? '';
    },
    focusable: () => rows[0].fields.normalization.input,
  };
}
