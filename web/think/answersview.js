/** What two networks say of one image: a bar for each digit, and the digit each takes it for. */
import { el, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { THINK, afterIteration, saidText, share, variantLabel } from '../text/text.js';
import { bestOf } from './digits.js';

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export class AnswersView {
  constructor() {
    this.root = el('div', { class: 'answers' });
    this.columns = [];
  }

  /** @param networks [{ variant, ink }] */
  show(networks) {
    this.columns = networks.map(newColumn);
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
      setText(column.digit, said ? String(best) : '–');
      setText(column.sure, said ? share(probabilities[best]) : '');
      setText(column.note, probabilities ? afterIteration(answer.iteration) : (answer?.unavailable ?? note));
      column.bars.forEach(({ row, bar, value }, digit) => {
        const probability = probabilities?.[digit] ?? 0;
        bar.style.transform = `scaleX(${Number.isFinite(probability) ? probability.toFixed(4) : 0})`;
        setText(value, probabilities ? share(probabilities[digit] ?? NaN) : '');
        row.classList.toggle('best', digit === best);
      });
      return said ? [saidText(column.variant, best, probabilities[best])] : [];
    });
  }
}

function newColumn({ variant, ink }) {
  const label = variantLabel(variant);
  const digit = el('b', { 'data-testid': `said-${variant.name}`, text: '–' });
  const sure = el('span', { class: 'sure' });
  const note = el('p', { class: 'quiet', 'data-testid': `asked-${variant.name}` });
  const bars = DIGITS.map((of) => {
    const bar = el('i', { class: 'probability' });
    const value = el('td', { class: 'share' });
    const row = el('tr', {}, el('th', { scope: 'row', text: String(of) }), el('td', { class: 'rail', 'aria-hidden': 'true' }, el('span', {}, bar)), value);
    return { row, bar, value };
  });
  const head = el('tr', {}, ...[THINK.digit, '', THINK.probability].map((text) => el(text ? 'th' : 'td', { scope: text ? 'col' : null, text })));
  const root = el(
    'section',
    { class: `answer ${ink}`, 'aria-label': label },
    el('h3', {}, swatch(ink), el('span', { text: label })),
    el('p', { class: 'said' }, digit, sure),
    note,
    el('table', { class: 'bars' }, el('caption', { class: 'unseen', text: label }), el('thead', { class: 'unseen' }, head), el('tbody', {}, ...bars.map(({ row }) => row))),
  );
  return { root, variant, digit, sure, note, bars };
}

