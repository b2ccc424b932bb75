/** What browser tests may ask of the page, as `window.tandem`. */
export function offerHooks(race, screen) {
  const variantOf = (name) => race()?.state.variants.find((variant) => variant.name === name);
  window.tandem = {
    /** Loss points held for a variant. */
    points: (name) => variantOf(name)?.losses.length ?? 0,
    /** Epochs a variant has ended. */
    epochs: (name) => variantOf(name)?.epochs.epoch.length ?? 0,
    /** Loss points of a variant that are in view: fewer than are held while a run is replayed. */
    shown: (name) => screen.shown?.variants.find((variant) => variant.name === name)?.losses.length ?? 0,
    /** Lines of single repeats in the last painted frame of the loss chart. */
    apart: () => screen.charts.loss.thin?.length ?? 0,
    /** Loss points of a variant in the last painted frame of the loss chart. */
    drawn: (name) => screen.charts.loss.painted[variantOf(name)?.index] ?? 0,
  };
}
