/** The button that turns dark to light and back; what it chooses is remembered, unless it is the system's. */
import { THEME } from '../text/text.js';
import { forgetColours } from './palette.js';

const system = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

export function themeSwitch(button, changed) {
  const tell = () => {
    button.setAttribute('aria-label', isDark() ? THEME.light : THEME.dark);
    button.title = button.getAttribute('aria-label');
    forgetColours();
    changed();
  };
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    const systems = (next === 'dark') === system.matches;
    if (systems) delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (systems) localStorage.removeItem('tandem-theme');
      else localStorage.setItem('tandem-theme', next);
    } catch {
      // Storage is forbidden: the choice lasts as long as the page.
    }
    tell();
  });
  system.addEventListener('change', tell);
  tell();
}
