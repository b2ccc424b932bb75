/** The notebook's table of expectations, filled in from this run; each row leads to the stretch it rests on. */
import { ASPECTS, claims, seedPair } from './claims.js';
import { el, setAttr, setText } from './dom.js';
import { EXPECTED, FOUND, JUDGED, honestly, nextSeed } from './text.js';

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
    this.part('again').addEventListener('click', () => again({ ...this.state.settings, seed: this.state.settings.seed + 1 }));
  }

  show(state) {
    this.state = state;
    this.told = null;
    this.root.hidden = state.id === null || seedPair(state) === null;
  }

  draw() {
    const { state } = this;
    if (this.root.hidden) return;
    const told = [state.status, state.perEpoch, ...state.variants.map(({ epochs, divergedAt }) => `${epochs.epoch.length} ${divergedAt}`)].join();
    if (told === this.told) return;
    this.told = told;
    this.claims = claims(state);
    for (const { aspect, found, judged, show, root } of this.rows) {
      const claim = this.claims[aspect];
      setText(found, FOUND[aspect](claim, state));
      setText(judged, JUDGED[claim.verdict]);
      setAttr(root, 'data-verdict', claim.verdict);
      show.disabled = claim.verdict === 'pending';
    }
    setText(this.part('honestly'), honestly(state, this.claims));
    setText(this.part('again'), nextSeed(state.settings.seed + 1));
  }
}
