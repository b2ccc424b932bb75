/** What browser tests may ask of the page, as `window.tandem`. */
export function offerHooks(race, screen, compared) {
  const variantOf = (name) => race()?.state.variants.find((variant) => variant.name === name);
  window.tandem = {
    /** Loss points held for a variant. */
    points: (name) => variantOf(name)?.losses.length ?? 0,
    /** Looks into a variant's layers that are held. */
    looks: (name) => variantOf(name)?.members[0].lens.iteration.length ?? 0,
    /** Epochs a variant has ended. */
    epochs: (name) => variantOf(name)?.epochs.epoch.length ?? 0,
    /** Loss points of a variant that are in view: fewer than are held while a run is replayed. */
    shown: (name) => screen.shown?.variants.find((variant) => variant.name === name)?.losses.length ?? 0,
    /** Lines of single repeats in the last painted frame of the loss chart. */
    apart: () => screen.charts.loss.thin?.length ?? 0,
    /** Loss points of a variant in the last painted frame of the loss chart. */
    drawn: (name) => screen.charts.loss.painted[variantOf(name)?.index] ?? 0,
    /** The loss of a variant at an iteration; null where the page holds none. */
    lossAt: (name, iteration) => {
      const { iterations, losses } = variantOf(name);
      const index = iterations.values.subarray(0, iterations.length).indexOf(iteration);
      return index < 0 ? null : losses.at(index);
    },
    /** The numbers of the loss axis as they are drawn, the pixels they have, and their font. */
    lossAxis: () => {
      const [, axis] = screen.charts.loss.chart.axes;
      return { labels: axis._values.filter((label) => label !== null && label !== ''), room: (axis._size - axis.gap) * devicePixelRatio, font: axis.font[0] };
    },
    /** Where a variant's smoothed loss ends; NaN where that is not known yet. */
    lossEnd: (name) => (variantOf(name) ? screen.charts.loss.latest(variantOf(name).index) : NaN),
    /** Points of a variant's smoothed loss. */
    smoothed: (name) => screen.charts.loss.smoothed[variantOf(name)?.index]?.iterations.length ?? 0,
    /** Where the smoothed losses of the runs that are compared end, run by run. */
    compared: () => compared.ends,
    /** How many delays of the run in view have been measured. */
    delays: () => screen.delays.recent.length,
    /** Shows a window of iterations. */
    zoom: (window) => screen.charts.zoomTo(window),
  };
}
