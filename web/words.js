/** Puts the words of text/html.js into the page, before it is painted: data-t is an element's text, data-t-… an attribute. */
import { HTML } from './text/html.js';

const ATTRIBUTES = ['aria-label', 'placeholder'];

/** A missing word is told to whoever looks at the console, tests among them. */
function wordsOf(key) {
  if (HTML[key] === undefined) console.error(`text/html.js has no words for ${key}`);
  return HTML[key] ?? '';
}

for (const element of document.querySelectorAll('[data-t]')) element.textContent = wordsOf(element.dataset.t);
for (const name of ATTRIBUTES) {
  for (const element of document.querySelectorAll(`[data-t-${name}]`)) element.setAttribute(name, wordsOf(element.getAttribute(`data-t-${name}`)));
}
