/** The notebook's table of expectations, filled in from this run; each row leads to the stretch it rests on. */
import { el, setAttr, setText } from '../page/dom.js';
import { ASPECTS, claims, seedPair } from '../run/claims.js';
import { EXPECTED, FOUND, fiveRepeats, honestly, judgedText, nextSeed } from '../text/text.js';

const FIVE = 5;

export class Findings {
  /** @param handlers look(window), again(settings) */
  constructor(root, { look, again }) {
    this.root = root;
    this.again = again;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.rows = ASPECTS.map((aspect) => {
      const found = el('p', { class: 'found' });
      const judged = el('span', { class: 'judged' });
      const show = el('button', { type: 'button', class: 'plain', text: FOUND.show, 'aria-label': `${FOUND.show}: ${EXPECTED[aspect].name}`, 'data-testid': `claim-show-${aspect}`, onclick: () => look(this.claims[aspect].window) });
      const root = el(
        'tr',
        { 'data-testid': `claim-${aspect}` },
        el('th', { scope: 'row', text: EXPECTED[aspect].name }),
        el('td', { class: 'quiet', text: EXPECTED[aspect].expected }),
        el('td', {}, found),
        el('td', {}, judged),
        el('td', {}, show),
      );
      return { aspect, root, found, judged, show };
    });
    this.part('rows').replaceChildren(...this.rows.map((row) => row.root));
    this.part('again').addEventListener('click', () => again({ ...this.state.settings, seed: this.#nextSeed() }));
    this.part('five').addEventListener('click', () => again({ ...this.state.settings, repeats: FIVE }));
    setText(this.part('five'), fiveRepeats);
  }

  /** The first seed that this run has not used. */
  #nextSeed() {
    return this.state.settings.seed + this.state.repeats;
  }

  show(state) {
    this.state = state;
    this.told = null;
    this.part('five').hidden = state.repeats > 1;
    this.root.hidden = state.id === null || seedPair(state) === null;
  }

  draw() {
    const { state } = this;
    if (this.root.hidden) return;
    const told = [state.status, state.total, ...state.variants.flatMap(({ members }) => members.map(({ epochs, divergedAt, status }) => `${epochs.epoch.length} ${divergedAt} ${status}`))].join();
    if (told === this.told) return;
    this.told = told;
    this.claims = claims(state);
    for (const { aspect, found, judged, show, root } of this.rows) {
      const claim = this.claims[aspect];
      setText(found, FOUND[aspect](claim, state));
      setText(judged, judgedText(claim));
      setAttr(root, 'data-verdict', claim.verdict);
      show.disabled = claim.verdict === 'pending';
    }
    setText(this.part('honestly'), honestly(state, this.claims));
    setText(this.part('again'), nextSeed(this.#nextSeed(), state.repeats));
  }
}
