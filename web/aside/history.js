/** What is done with the runs of the list together: comparing, filtering, sorting. */
import { byId, el, setAttr, setText } from '../page/dom.js';
import { SORTS, replaceView } from '../page/url.js';
import { COMPARE } from '../text/text.js';
import { CompareView } from './compareview.js';

export class History {
  /** @param now () → { schema, current: the id of the ended run in view, or null } */
  constructor(runs, view, now) {
    Object.assign(this, { runs, view, now });
    this.compared = new CompareView(byId('compare'), view, (id) => this.pick(id, false));
    setText(byId('compare-open'), COMPARE.start);
    byId('compare-open').addEventListener('click', () => this.compare(view.compare ? null : [now().current].filter(Boolean)));
    byId('sort').append(...SORTS.map((value) => el('option', { value, text: COMPARE.order[value] })));
    byId('find').addEventListener('input', () => this.#chosen());
    byId('sort').addEventListener('change', () => this.#chosen());
  }

  pick(id, chosen) {
    const { compare } = this.view;
    this.compare(chosen ? [...compare, id] : compare.filter((other) => other !== id));
  }

  /** Compares these runs; null ends the comparison. */
  compare(ids) {
    const was = this.view.compare;
    this.view.compare = ids;
    if (String(was) !== String(ids)) replaceView(this.view);
    this.show();
  }

  /** Shows what the address says. */
  show() {
    const ids = this.view.compare;
    document.body.classList.toggle('comparing', ids !== null);
    setAttr(byId('compare-open'), 'aria-pressed', String(ids !== null));
    setText(byId('compare-open'), ids === null ? COMPARE.start : COMPARE.stop);
    this.runs.setPicked(ids);
    this.redraw();
  }

  /** What the server says of a run anew. */
  heard(run) {
    if (this.compared.relabel(run)) this.redraw();
  }

  /** A run is no more. */
  forget(id) {
    if (this.compared.forget(id)) this.redraw();
  }

  redraw() {
    this.compared.show(this.view.compare, this.now().schema);
  }

  /** What the address says of the list, before it is read for the first time. */
  arrange() {
    byId('find').value = this.view.find;
    byId('sort').value = this.view.sort;
    this.runs.order = { find: this.view.find, sort: this.view.sort };
  }

  #chosen() {
    Object.assign(this.view, { find: byId('find').value, sort: byId('sort').value });
    replaceView(this.view);
    this.runs.arrange(this.view);
  }
}
