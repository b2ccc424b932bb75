/** The panel that the form stands in. */
import { byId, setAttr } from '../page/dom.js';

/** On a phone the form is folded away behind its button; elsewhere it is always open. */
export function openForm(open) {
  const button = byId('new-run');
  const closes = !open && document.body.classList.contains('form-open') && button.offsetParent !== null;
  document.body.classList.toggle('form-open', open);
  setAttr(button, 'aria-expanded', String(open));
  if (!closes) return;
  button.focus();
  scrollTo(0, 0);
}
