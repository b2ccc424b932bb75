/** The pace of a run that goes on, beside the button that cancels it. */
import { el, setText } from '../page/dom.js';
import * as api from '../server/api.js';
import { PACE } from '../text/text.js';

const PACES = [null, 100, 20, 5];

export class Pace {
  /** @param root has the select; `say(text)` tells what went wrong */
  constructor(root, say) {
    this.root = root;
    this.say = say;
    this.select = root.querySelector('select');
    this.select.addEventListener('change', () => this.#set());
    setText(root.querySelector('label'), PACE.label);
    this.id = null;
  }

  /** A run is in view: null, or one that goes on and is held to this pace, by whomever. */
  show(id, pace = null) {
    this.root.hidden = id === null;
    if (id === this.id && pace === this.pace) return;
    this.id = id;
    if (id !== null) this.#offer(pace);
  }

  #offer(pace) {
    this.pace = pace;
    const paces = PACES.includes(pace) ? PACES : [...PACES, pace].sort((a, b) => (b ?? Infinity) - (a ?? Infinity));
    this.select.replaceChildren(...paces.map((of) => el('option', { value: of ?? '', text: of === null ? PACE.full : PACE.of(of) })));
    this.select.value = pace ?? '';
  }

  async #set() {
    const { id } = this;
    const wanted = this.select.value === '' ? null : Number(this.select.value);
    try {
      await api.setPace(id, wanted);
    } catch (problem) {
      if (this.id === id) this.select.value = this.pace ?? '';
      // 409: it has just ended, which its events will say.
      if (problem.status !== 409) this.say(problem.offline ? PACE.failed : problem.message);
    }
  }
}
