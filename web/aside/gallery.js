/** The list of experiments that teach: one click fills the form and starts. */
import { el } from '../page/dom.js';
import { PRESETS } from '../run/presets.js';
import { PRESET } from '../text/text.js';

export function drawGallery(host, start) {
  host.replaceChildren(
    ...PRESETS.map(({ id, settings, log = false }) =>
      el(
        'li',
        {},
        el(
          'button',
          { type: 'button', class: 'preset', 'data-testid': `preset-${id}`, 'aria-describedby': `preset-${id}`, onclick: () => start(settings, { log }) },
          el('span', { class: 'preset-name', text: PRESET[id].name }),
          el('span', { class: 'preset-change', text: PRESET[id].change }),
          el('span', { class: 'preset-look', id: `preset-${id}`, text: PRESET[id].look }),
        ),
      ),
    ),
  );
}
