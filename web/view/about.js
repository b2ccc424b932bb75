/** What a visitor sees here who has not been here before: what runs, what Batch Normalization is, what to try. */
import { el } from '../page/dom.js';
import { PRESETS } from '../run/presets.js';
import { ABOUT, PRESET } from '../text/text.js';

const KEY = 'tandem-about';

/** Where nothing can be remembered it is shown every time. */
const remembered = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

/** @param start (settings, view) begins one of the experiments */
export function drawAbout(root, start) {
  const experiment = (id) => {
    const { settings, log = false } = PRESETS.find((preset) => preset.id === id);
    return el('button', { type: 'button', class: 'plain', 'data-testid': `about-${id}`, text: PRESET[id].name, onclick: () => start(settings, { log }) });
  };
  const column = ({ title, text, experiments = [] }) => el('div', {}, el('h3', { text: title }), ...text.map((words) => el('p', { text: words })), experiments.length > 0 ? el('p', { class: 'actions' }, ...experiments.map(experiment)) : null);
  root.replaceChildren(el('summary', { text: ABOUT.title }), el('div', { class: 'about-columns' }, ...ABOUT.columns.map(column)));
  // On a phone it would hide the run: there it waits to be opened.
  root.open = remembered() === null ? !matchMedia('(max-width: 760px)').matches : remembered() === 'open';
  root.addEventListener('toggle', () => {
    try {
      localStorage.setItem(KEY, root.open ? 'open' : 'closed');
    } catch {
      // Then it is not remembered.
    }
  });
}
