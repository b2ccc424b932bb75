/** Two confusion matrices side by side, on one colour scale; the numbers stand in the cells. */
import { el, setAttr, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { THINK, cellText, confusionText, variantLabel } from '../text/text.js';

/** Percent of the accent colour at the top of the scale: numbers on it stay readable. */
const HOTTEST = 46;

/** Names of more characters than this stand on end over their columns. */
const SHORT = 2;

/** With more classes than this there is no room for the numbers; they are told where one points. */
const MANY = 12;

export class ConfusionView {
  constructor() {
    this.mistakes = false;
    this.toggle = el('button', { type: 'button', class: 'plain', 'aria-pressed': 'false', 'data-testid': 'mistakes', text: THINK.mistakes, onclick: () => this.#toggle() });
    this.pair = el('div', { class: 'matrices' });
    this.about = el('p', { class: 'quiet' });
    this.root = el('div', { class: 'confusion' }, el('div', { class: 'confusion-head' }, el('h3', { text: THINK.confusion }), this.about, this.toggle), this.pair);
  }

  #toggle() {
    this.mistakes = !this.mistakes;
    setAttr(this.toggle, 'aria-pressed', String(this.mistakes));
    this.#heat();
  }

  /**
   * @param networks [{ variant, ink }]
   * @param images   what they tell apart, as `imagesOf` says
   */
  show(networks, images) {
    Object.assign(this, { networks, images });
    setText(this.about, THINK.confusionAbout(images));
    this.pair.classList.toggle('named', images.classes.some((name) => name.length > SHORT));
    this.pair.classList.toggle('many', images.classes.length > MANY);
    this.matrices = networks.map(({ variant, ink }) => newMatrix(variant, ink, images.classes));
    this.pair.replaceChildren(...this.matrices.map(({ root }) => root));
  }

  draw(table, note) {
    this.columns = this.networks.map(({ variant }) => table?.variants.find((column) => column.variant === variant.name));
    this.matrices.forEach((matrix, index) => {
      const column = this.columns[index];
      const known = column?.confusion !== undefined;
      setText(matrix.told, known ? confusionText(matrix.variant, column.epoch, column.wrong, table.labels.length) : `${variantLabel(matrix.variant)}: ${column?.unavailable ?? note}`);
      matrix.cells.forEach((row, truth) => row.forEach((cell, said) => {
        const count = known ? column.confusion[truth][said] : 0;
        setText(cell, count > 0 ? String(count) : '');
        cell.title = count > 0 ? cellText(count, this.images.classes[truth], this.images.classes[said]) : '';
      }));
    });
    this.#heat();
  }

  /** One scale for both: by the root, so that single mistakes show beside a hundred right ones. */
  #heat() {
    const counts = (this.columns ?? []).flatMap((column) => column?.confusion?.flatMap((row, truth) => row.filter((_, said) => !this.mistakes || truth !== said)) ?? []);
    const most = Math.max(1, ...counts);
    this.matrices?.forEach((matrix, index) => {
      const confusion = this.columns?.[index]?.confusion;
      matrix.cells.forEach((row, truth) => row.forEach((cell, said) => {
        const faded = this.mistakes && truth === said;
        const count = faded || !confusion ? 0 : confusion[truth][said];
        cell.style.setProperty('--heat', `${(HOTTEST * Math.sqrt(count / most)).toFixed(1)}%`);
        cell.classList.toggle('faded', faded);
      }));
    });
  }
}

function newMatrix(variant, ink, classes) {
  const told = el('span');
  const cells = classes.map((_, truth) => classes.map((__, said) => el('td', { class: truth === said ? 'diagonal' : null })));
  const heads = classes.map((name) => el('th', { scope: 'col', title: name }, el('span', { text: name })));
  const rows = cells.map((row, truth) => el('tr', {}, el('th', { scope: 'row', title: classes[truth], text: classes[truth] }), ...row));
  const table = el('table', { class: 'matrix', 'data-testid': `confusion-${variant.name}` }, el('caption', {}, swatch(ink), told), el('thead', {}, el('tr', {}, el('td', { text: THINK.trueClass }), ...heads)), el('tbody', {}, ...rows));
  return { root: el('div', { class: 'matrix-place' }, table), variant, told, cells };
}
