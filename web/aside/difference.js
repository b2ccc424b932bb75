/** One difference of a variant from its run: which field, and its value in this variant. */
import { el } from '../page/dom.js';
import { FORM } from '../text/text.js';
import { newField } from './fields.js';

/**
 * @param path       of the variant
 * @param properties the schemas of the fields to choose from
 * @param changed    another field was chosen; removed: it was taken away
 */
export function newDifference(path, properties, field, { changed, removed }) {
  const property = properties[field];
  const value = newField(`${path}.${field}`, property, { compact: true, placeholder: '' });
  value.root.querySelector('label').classList.add('unseen');
  // On input: by the time of a change event the form has been drawn anew, with the field that it was.
  const select = el('select', { class: 'difference-field', 'aria-label': FORM.difference, oninput: () => changed(select.value) });
  const remove = el('button', { type: 'button', class: 'plain', text: '\u00d7', 'aria-label': FORM.removeDifference(property.title), onclick: removed });
  return {
    ...value,
    field,
    select,
    root: el('div', { class: 'difference' }, select, value.root, remove),
    /** @param others fields that this variant could differ in instead; `usual`: the run's own value */
    offer: (others, usual) => {
      const options = Object.keys(properties).filter((name) => name === field || others.includes(name));
      select.replaceChildren(...options.map((name) => el('option', { value: name, text: properties[name].title })));
      select.value = field;
      if (!property.enum) value.input.placeholder = [usual ?? ''].flat().join(', ');
    },
  };
}
