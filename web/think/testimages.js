/** Test images, fetched by the page of a hundred when first wanted, and kept. */
import { getTestImages } from '../server/api.js';
import { PIXELS } from './images.js';

const PAGE = 100;

export class TestImages {
  /** @param came () → some more are here, or can't be had */
  constructor(came) {
    this.came = came;
    this.#forget();
  }

  #forget() {
    this.pages = new Map();
    this.missing = false;
  }

  /** From now on those of this run; runs with the same test images share them. */
  of({ id, data, settings }) {
    const known = data?.test ?? id;
    if (known !== this.known) this.#forget();
    Object.assign(this, { run: id, dataset: settings.dataset, all: settings.testExamples, known });
  }

  /** `{ pixels, label }`, or null while it is not here. */
  get(index) {
    const page = Math.floor(index / PAGE);
    if (!this.pages.has(page)) this.#fetch(page);
    const held = this.pages.get(page);
    const at = index - page * PAGE;
    if (!held || at >= held.labels.length) return null;
    return { pixels: held.pixels.subarray(at * PIXELS, (at + 1) * PIXELS), label: held.labels[at] };
  }

  async #fetch(page) {
    const { pages } = this;
    pages.set(page, null);
    try {
      // The last page may be a short one: there may be no more images than the run was tested on.
      const { labels, pixels } = await getTestImages(this.dataset, this.run, page * PAGE, Math.min(PAGE, this.all - page * PAGE));
      pages.set(page, { labels, pixels: Uint8Array.from(atob(pixels), (byte) => byte.charCodeAt(0)) });
    } catch (problem) {
      if (problem.status === 404) this.missing = true;
      // What failed otherwise is tried again when it is next wanted, a little later.
      else setTimeout(() => pages.delete(page), 2000);
    }
    this.came();
  }
}
