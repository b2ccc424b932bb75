/**
 * The row of numbers over a chart: where the cursor stands, each variant's value there, and how far the
 * others are from the first (in brackets when there are several). Without a cursor it shows the last place that all variants have reached.
 */
import { el, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { NONE } from '../text/numbers.js';
import { CHART, variantLabel } from '../text/text.js';

export class Readout {
  constructor(host) {
    this.host = host;
  }

  show(variants, inks) {
    this.place = el('span', { class: 'place' });
    this.cells = variants.map((variant, index) => {
      const value = el('span', { class: 'value' });
      const note = el('span', { class: 'note' });
      return { value, note, root: el('span', { class: 'cell' }, swatch(inks[index]), el('span', { class: 'name', text: variantLabel(variant) }), value, note) };
    });
    this.difference = variants.length === 2 ? el('span', { class: 'value' }) : null;
    const last = this.difference && el('span', { class: 'cell difference' }, el('span', { class: 'name', text: CHART.difference }), this.difference);
    this.host.replaceChildren(this.place, ...this.cells.map((cell) => cell.root), ...(last ? [last] : []));
    this.host.dataset.variants = String(variants.length);
  }

  /**
   * @param place        text
   * @param values       one text for each variant
   * @param differences  text for each variant but the first
   * @param notes        small print behind each value
   */
  set(place, values, differences, notes = []) {
    setText(this.place, place);
    this.cells.forEach((cell, index) => {
      setText(cell.value, values[index]);
      if (this.difference) setText(cell.note, notes[index] ?? '');
      else setText(cell.note, index === 0 || differences[index] === NONE ? '' : `(${differences[index]})`);
    });
    if (this.difference) setText(this.difference, differences[1]);
  }
}
