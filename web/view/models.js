/** The trained networks of a run, to download: one is chosen, in the formats that there are for it. */
import { el, setAttr } from '../page/dom.js';
import { modelPath } from '../server/api.js';
import { MODELS, variantLabel } from '../text/text.js';

export class Models {
  constructor(root) {
    this.root = root;
    this.choice = el('select', { 'aria-label': MODELS.title, 'data-testid': 'model', onchange: () => this.#link() });
    const link = (format) => el('a', { text: MODELS[format], 'data-testid': `model-${format}` });
    this.links = { dl4j: link('dl4j'), npz: link('npz') };
    root.replaceChildren(el('span', { text: MODELS.title }), ' ', this.choice, ' ', this.links.dl4j, ' ', this.links.npz);
  }

  show(state) {
    Object.assign(this, { state, drawn: null });
    this.draw();
  }

  /** Those that are trained to the end can be had. */
  draw() {
    const { id, variants, repeats, settings } = this.state;
    const trained = variants.flatMap((variant) => variant.members.filter(({ status }) => status === 'completed').map(({ repeat }) => ({ variant, repeat })));
    const key = `${id} ${trained.length}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const chosen = this.choice.value;
    this.trained = trained;
    this.root.hidden = trained.length === 0;
    const text = ({ variant, repeat }) => variantLabel(variant) + (repeats > 1 ? MODELS.repeat(repeat, settings.seed + repeat - 1) : '');
    this.choice.replaceChildren(...trained.map((one) => el('option', { value: `${one.repeat} ${one.variant.name}`, text: text(one) })));
    if (trained.some(({ variant, repeat }) => `${repeat} ${variant.name}` === chosen)) this.choice.value = chosen;
    this.#link();
  }

  #link() {
    const one = this.trained[Math.max(0, this.choice.selectedIndex)];
    if (!one) return;
    for (const [format, link] of Object.entries(this.links)) {
      setAttr(link, 'href', modelPath(this.state.id, one.variant.name, one.repeat, format));
      setAttr(link, 'download', '');
    }
    // DeepLearning4J has no Layer Normalization between a sum and its activation, and approximates GELU.
    this.links.dl4j.hidden = one.variant.normalization === 'layer' || one.variant.settings.activation === 'gelu';
  }
}
