/** What two networks say of one image: a bar for each class, and the class each takes it for. */
import { el, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { THINK, afterIteration, saidText, share, variantLabel } from '../text/text.js';
import { bestOf } from './images.js';

/** More classes than this are scrolled. */
const MANY = 12;

export class AnswersView {
  constructor() {
    this.root = el('div', { class: 'answers' });
    this.columns = [];
  }

  /**
   * @param networks [{ variant, ink }]
   * @param images   what they tell apart, as `imagesOf` says
   */
  show(networks, images) {
    this.images = images;
    this.root.classList.toggle('named', !images.digits);
    this.columns = networks.map((network) => newColumn(network, images));
    this.root.replaceChildren(...this.columns.map(({ root }) => root));
  }

  /**
   * @param answers of the networks, in their order: { iteration, probabilities } or { unavailable }; null for none
   * @param note    a sentence in place of what isn't there
   * @returns what each says, as sentences
   */
  draw(answers, note) {
    return this.columns.flatMap((column, index) => {
      const answer = answers?.[index] ?? null;
      const probabilities = answer?.probabilities ?? null;
      const best = probabilities && bestOf(probabilities);
      const said = best !== null && best !== undefined;
      setText(column.said, said ? this.images.classes[best] : '–');
      setText(column.sure, said ? share(probabilities[best]) : '');
      setText(column.note, probabilities ? afterIteration(answer.iteration) : (answer?.unavailable ?? note));
      column.bars.forEach(({ row, bar, value }, label) => {
        const probability = probabilities?.[label] ?? 0;
        bar.style.transform = `scaleX(${Number.isFinite(probability) ? probability.toFixed(4) : 0})`;
        setText(value, probabilities ? share(probabilities[label] ?? NaN) : '');
        row.classList.toggle('best', label === best);
      });
      return said ? [saidText(column.variant, this.images.classes[best], probabilities[best])] : [];
    });
  }
}

function newColumn({ variant, ink }, { digits, classes }) {
  const label = variantLabel(variant);
  const said = el('b', { 'data-testid': `said-${variant.name}`, text: '–' });
  const sure = el('span', { class: 'sure' });
  const note = el('p', { class: 'quiet', 'data-testid': `asked-${variant.name}` });
  const bars = classes.map((name) => {
    const bar = el('i', { class: 'probability' });
    const value = el('td', { class: 'share' });
    const row = el('tr', {}, el('th', { scope: 'row', title: digits ? null : name, text: name }), el('td', { class: 'rail', 'aria-hidden': 'true' }, el('span', {}, bar)), value);
    return { row, bar, value };
  });
  const head = el('tr', {}, ...[digits ? THINK.digit : THINK.class, '', THINK.probability].map((text) => el(text ? 'th' : 'td', { scope: text ? 'col' : null, text })));
  const root = el(
    'section',
    { class: `answer ${ink}`, 'aria-label': label },
    el('h3', {}, swatch(ink), el('span', { text: label })),
    el('p', { class: 'said' }, said, sure),
    note,
    el('div', { class: 'bars-place', tabindex: classes.length > MANY ? 0 : null }, el('table', { class: 'bars' }, el('caption', { class: 'unseen', text: label }), el('thead', { class: 'unseen' }, head), el('tbody', {}, ...bars.map(({ row }) => row)))),
  );
  return { root, variant, said, sure, note, bars };
}

