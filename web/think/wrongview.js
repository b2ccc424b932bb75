/** The test images that exactly one of two networks gets wrong, as pictures; one that is chosen goes onto the pad. */
import { el, setAttr, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { integer } from '../text/numbers.js';
import { THINK, onPad, thumbText, wrongOnly, wrongText } from '../text/text.js';
import { SIDE, wrongOf } from './images.js';
import { paintImage } from './paint.js';

const SHOWN = 20;

export class WrongView {
  /** @param choose (index of a test image) */
  constructor(tests, choose) {
    Object.assign(this, { tests, choose, most: [SHOWN, SHOWN] });
    this.summary = el('p', { class: 'wrong-summary', 'data-testid': 'wrong-summary' });
    this.title = el('h3');
    this.legend = el('p', { class: 'quiet' });
    this.missing = el('p', { class: 'quiet', hidden: true, text: THINK.imagesGone });
    this.groups = el('div', { class: 'wrong-groups' });
    this.root = el('div', { class: 'wrong' }, this.title, this.summary, this.legend, this.missing, this.groups);
  }

  /**
   * @param networks [{ variant, ink }], two of them
   * @param images   what they tell apart, as `imagesOf` says
   */
  show(networks, images) {
    setText(this.title, THINK.wrong(images));
    setText(this.legend, THINK.legend(images));
    this.groups.classList.toggle('named', !images.digits);
    Object.assign(this, { networks, images, most: [SHOWN, SHOWN], drawn: '' });
    this.lists = networks.map(({ variant, ink }, side) => {
      const count = el('span', { class: 'count' });
      const list = el('div', { class: 'thumbs', role: 'group', 'aria-label': wrongOnly(variant), 'data-testid': `wrong-${variant.name}` });
      list.addEventListener('keydown', (event) => move(list, event));
      const more = el('button', { type: 'button', class: 'plain', hidden: true, onclick: () => this.#more(side) });
      const root = el('section', { class: ink }, el('h4', {}, swatch(ink), el('span', { text: wrongOnly(variant) }), count), list, more);
      return { root, list, count, more };
    });
    this.groups.replaceChildren(...this.lists.map(({ root }) => root));
  }

  #more(side) {
    this.most[side] += 5 * SHOWN;
    this.drawn = '';
    this.draw(this.table, this.note);
    this.lists[side].list.lastElementChild?.focus();
  }

  /** @param table the server's answer, or null; `note` then stands in its place */
  draw(table, note) {
    Object.assign(this, { table, note });
    const names = this.networks.map(({ variant }) => variant.name);
    const wrong = wrongOf(table, names);
    const columns = names.map((name) => table?.variants.find(({ variant }) => variant === name));
    this.missing.hidden = !this.tests.missing || !wrong;
    if (!wrong) {
      setText(this.summary, columns.find((column) => column?.unavailable)?.unavailable ?? note);
      for (const { list, more, count } of this.lists) {
        list.replaceChildren();
        setText(count, '');
        more.hidden = true;
      }
      this.drawn = '';
      return;
    }
    const { first, second, both } = wrong;
    setText(this.summary, wrongText(this.networks.map(({ variant }) => variant), columns.map(({ epoch }) => epoch), { first: first.length, second: second.length, both: both.length, all: table.labels.length }, this.images));
    [first, second].forEach((indexes, side) => this.#list(side, indexes, columns));
  }

  #list(side, indexes, columns) {
    const { list, count, more } = this.lists[side];
    const shown = indexes.slice(0, this.most[side]);
    setText(count, integer(indexes.length));
    more.hidden = indexes.length <= shown.length;
    setText(more, THINK.more(indexes.length - shown.length));
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    list.replaceChildren(...(shown.length === 0 ? [el('p', { class: 'quiet', text: THINK.none })] : shown.map((index) => this.#thumb(index, columns, side))));
    const again = [...list.children].find(({ value }) => value === focused) ?? list.firstElementChild;
    setAttr(again, 'tabindex', shown.length > 0 ? 0 : null);
    if (focused !== null && shown.length > 0) again.focus({ preventScroll: true });
  }

  #thumb(index, columns, side) {
    const label = this.table.labels[index];
    const said = columns.map(({ predicted }) => predicted[index]);
    const canvas = el('canvas', { width: SIDE, height: SIDE, 'aria-hidden': 'true' });
    const held = this.tests.get(index);
    if (held) paintImage(canvas, held.pixels);
    const name = thumbText(onPad(index, label, this.images), this.networks.map(({ variant }) => variant), said.map((of) => this.images.classes[of]));
    const answer = (of, k) => el('span', { class: `${this.networks[k].ink} ${k === side ? 'false' : 'right'}`, text: `${this.images.classes[of]}${k === side ? '✗' : '✓'}` });
    return el('button', { type: 'button', class: 'thumb', tabindex: -1, value: index, title: name, 'aria-label': name, onclick: () => this.choose(index) }, canvas, el('span', { class: 'saids', 'aria-hidden': 'true' }, ...said.map(answer)));
  }
}

/** One of them is a tab stop; arrows go from one to the next. */
function move(list, event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = [...list.querySelectorAll('.thumb')];
  const at = all.indexOf(document.activeElement);
  const next = event.key === 'Home' ? all[0] : event.key === 'End' ? all.at(-1) : step ? all[at + step] : null;
  if (!next || at < 0) return;
  event.preventDefault();
  all[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
