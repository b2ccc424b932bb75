/** A run to take away: pictures, a report, and the commands that fetch or repeat it. */
import { markup, toPng } from '../chart/figure.js';
import { FIGURES, drawFigure } from '../chart/figures.js';
import { el, setText } from '../page/dom.js';
import { needs } from '../page/login.js';
import { bandRows, csvOf } from '../run/bands.js';
import { eventsPath, fullAddress, runsPath } from '../server/api.js';
import { FIGURE, TAKE, cmd, curl, powershell, python } from '../text/text.js';
import { report } from './report.js';

export class Takeaway {
  /** @param ready (state) → promise of the time when all lines can be drawn as they are */
  constructor(root, view, ready) {
    Object.assign(this, { root, view, ready });
    const button = (text, testid, onclick) => el('button', { type: 'button', class: 'plain', 'data-testid': testid, text, onclick });
    const pictures = FIGURES.map((name) => el('li', {}, el('span', { text: FIGURE[name] }), ...['png', 'svg'].map((kind) => {
      const of = button(kind.toUpperCase(), `${kind}-${name}`, () => this.#picture(name, kind));
      of.setAttribute('aria-label', TAKE.as(FIGURE[name], kind.toUpperCase()));
      return of;
    })));
    this.text = el('pre', { class: 'snippet', tabindex: 0, 'data-testid': 'snippet', hidden: true });
    this.said = el('span', { class: 'quiet', role: 'status' });
    this.whole = button(TAKE.report, 'report', () => this.#report());
    this.bands = [
      button(TAKE.bandsCsv, 'bands-csv', () => this.#save('csv', 'text/csv', csvOf(bandRows(this.state)), '-bands')),
      button(TAKE.bandsJson, 'bands-json', () => this.#save('json', 'application/json', JSON.stringify(bandRows(this.state)), '-bands')),
    ];
    const start = (name, write) => button(TAKE[name], `copy-${name}`, () => this.#copy(write(this.state.settings, fullAddress(runsPath), needs().required), needs().required));
    const read = () => this.#copy(python(fullAddress(eventsPath(this.state.id)), needs().private), needs().private);
    root.append(
      el('ul', { class: 'pictures' }, ...pictures),
      el('p', { class: 'commands' }, this.whole, ...this.bands, start('curl', curl), start('cmd', cmd), start('powershell', powershell), button(TAKE.python, 'copy-python', read), this.said),
      this.text,
    );
  }

  show(state, schema) {
    Object.assign(this, { state, schema });
    this.text.hidden = true;
    for (const of of this.bands) of.hidden = state.repeats === 1;
    setText(this.said, '');
  }

  #link() {
    return fullAddress(`./#run=${this.state.id}`);
  }

  async #report() {
    const { state, schema } = this;
    await this.ready(state);
    this.#save('html', 'text/html', report(state, schema, this.view, this.#link()));
  }

  async #picture(name, kind) {
    await this.ready(this.state);
    const picture = drawFigure(name, this.state, this.view);
    if (kind === 'svg') this.#save('svg', 'image/svg+xml', markup(picture), `-${name}`);
    else this.#save('png', 'image/png', await toPng(picture), `-${name}`);
  }

  #save(kind, type, content, part = '') {
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = el('a', { href: url, download: `tandem-${this.state.id}${part}.${kind}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  /** Copies, and shows what was copied: not every browser allows the first. */
  async #copy(text, token) {
    const say = (words) => setText(this.said, token ? `${words} ${TAKE.token}` : words);
    this.text.hidden = false;
    setText(this.text, text);
    try {
      await navigator.clipboard.writeText(text);
      say(TAKE.copied);
    } catch {
      say(TAKE.shown);
    }
  }
}
