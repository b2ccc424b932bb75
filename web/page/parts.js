/** The way around a long page: a link to each part of it that there is at the moment. */
import { PARTS } from '../text/text.js';
import { el, setAttr, setText } from './dom.js';

export class Parts {
  /** @param nav where the links stand; main's sections are its parts, by their headings or labels */
  constructor(nav, main) {
    Object.assign(this, { nav, main, links: new Map(), seen: new Map() });
    setAttr(nav, 'aria-label', PARTS.label);
    this.watch = new IntersectionObserver((entries) => this.#look(entries), { rootMargin: '-130px 0px -40% 0px' });
    for (const section of main.querySelectorAll(':scope > section')) this.#add(section);
    new MutationObserver(() => this.#show()).observe(main, { subtree: false, childList: true, attributes: true, attributeFilter: ['class'] });
    const hides = new MutationObserver(() => this.#show());
    for (const section of this.links.keys()) hides.observe(section, { attributes: true, attributeFilter: ['hidden'] });
    this.#show();
  }

  #add(section) {
    const link = el('a', { href: '#', onclick: (event) => this.#go(event, section) });
    this.links.set(section, link);
    this.nav.append(link);
    this.watch.observe(section);
  }

  #go(event, section) {
    // The address says which run is shown: it has no room for a part of the page.
    event.preventDefault();
    section.scrollIntoView({ block: 'start' });
    const goal = section.querySelector('[tabindex="0"], button, summary, select, input') ?? section;
    goal.focus({ preventScroll: true });
  }

  #show() {
    for (const [section, link] of this.links) {
      // Some parts write their heading only when they have something to show.
      setText(link, document.getElementById(section.getAttribute('aria-labelledby'))?.textContent ?? section.getAttribute('aria-label') ?? '');
      link.hidden = link.textContent === '' || section.hidden || getComputedStyle(section).display === 'none';
    }
  }

  /** On a phone the links go beyond the window's edge. */
  #keepInSight(link) {
    const { nav } = this;
    const from = link.offsetLeft - nav.offsetLeft;
    if (from < nav.scrollLeft || from + link.offsetWidth > nav.scrollLeft + nav.clientWidth) nav.scrollLeft = from - 24;
  }

  /** The part nearest to the top of the window is the one being read. */
  #look(entries) {
    for (const { target, isIntersecting } of entries) this.seen.set(target, isIntersecting);
    const current = [...this.links.keys()].find((section) => this.seen.get(section));
    for (const [section, link] of this.links) setAttr(link, 'aria-current', section === current ? 'true' : null);
    if (current) this.#keepInSight(this.links.get(current));
  }
}
