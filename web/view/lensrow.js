/** One hidden layer: a quantity over the training, all variants on one axis, and beside it what enters its ReLU. */
import { xAxis } from '../chart/places.js';
import { EDGE, newPlot, sizeOf } from '../chart/plot.js';
import { el, setAttr, setText, svg } from '../page/dom.js';
import { colour, dashOf } from '../page/palette.js';
import { swatch } from '../page/swatch.js';
import { QUANTITIES, densities, isTold, valueAt } from '../run/layers.js';
import { LENS, valueText } from '../text/text.js';

const WIDTH = 300;
const HEIGHT = 100;

/** A histogram more peaked than this many times the flattest is cut off at the top. */
const MOST_PEAKED = 4;

export class LensRow {
  /** @param handlers onCursor, onZoom as those of newPlot; `last`: its axis has numbers */
  constructor(index, { state, inks, last }, handlers) {
    Object.assign(this, { index, state, inks, last, handlers, chart: null });
    this.values = inks.map((ink) => el('span', { class: `value ${ink}` }));
    this.cells = inks.map((ink, k) => el('span', { class: 'cell' }, swatch(ink), this.values[k]));
    this.host = el('div', { class: 'plot', role: 'img', 'aria-label': LENS.waiting });
    this.lines = inks.map((ink) => svg('path', { class: `outline ${ink}`, 'stroke-dasharray': dashOf(ink).join(' ') || 'none' }));
    this.areas = inks.map((ink) => svg('path', { class: `area ${ink}` }));
    const zero = svg('line', { class: 'zero', x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: HEIGHT });
    this.picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, zero, ...this.areas, ...this.lines);
    this.sides = inks.map((ink) => ['below', 'above'].map((side) => el('span', { class: `beyond ${side} ${ink}` })));
    this.bins = el('div', { class: 'bins', role: 'img', 'aria-label': LENS.waiting }, this.picture, el('div', { class: 'sides below' }, ...this.sides.map(([below]) => below)), el('div', { class: 'sides above' }, ...this.sides.map(([, above]) => above)));
    const name = el('h3', {}, LENS.layer(index + 1), ' ', el('span', { class: 'quiet', text: LENS.units(...unitsOf(state.variants, index)) }));
    this.root = el('div', { class: `lens-row${inks.length > 2 ? ' crowded' : ''}`, 'data-testid': `lens-layer-${index + 1}` }, el('div', { class: 'lens-name' }, name, ...this.cells), this.host, this.bins);
  }

  /** Makes the chart of a quantity; `scale`: { range(), log, asinh, place }, the last what xAxis takes. */
  show(quantity, scale) {
    this.chart?.destroy();
    this.quantity = quantity;
    const { band } = QUANTITIES[quantity];
    const edge = { stroke: 'transparent', width: 0, points: { show: false } };
    const series = this.inks.flatMap((ink) => [
      edge,
      edge,
      { stroke: () => colour(ink), width: 1, dash: dashOf(ink), points: { show: false } },
      { stroke: () => colour(ink), width: 2, dash: dashOf(ink), points: { show: false } },
    ]);
    this.log = scale.log;
    this.chart = newPlot(
      this.host,
      {
        data: [[], ...series.map(() => [])],
        series,
        bands: band ? this.inks.map((ink, k) => ({ series: [4 * k + 2, 4 * k + 1], fill: () => colour(`${ink}-pale`) })) : [],
        x: xAxis(scale.place),
        y: { range: scale.range, log: scale.log, asinh: scale.asinh, ticks: scale.ticks, format: scale.format },
        right: EDGE,
        bare: !this.last,
      },
      { ...this.handlers, onDraw: () => {} },
    );
  }

  resize() {
    const size = sizeOf(this.host);
    if (size.width !== this.chart.width || size.height !== this.chart.height) this.chart.setSize(size);
  }

  /** @param shown for each variant { lens, places }: where its looks lie; `xs` those of all of them */
  draw(shown, xs) {
    const columns = shown.flatMap(({ variant, lens, places }) => {
      const at = new Map(places.map((x, k) => [x, k]));
      const values = xs.map((x) => (at.has(x) && isTold(this.quantity, variant) ? valueAt(lens.layers[this.index], this.quantity, at.get(x)) : undefined));
      const drawable = (number) => Number.isFinite(number) && (number > 0 || !this.log);
      const column = (name) => values.map((value) => (value === undefined ? undefined : value && drawable(value[name]) ? value[name] : null));
      return [column('low'), column('high'), column('thin'), column('line')];
    });
    this.chart.setData([xs, ...columns]);
  }

  /** The numbers at look `looks[k]` of each variant. */
  read(shown, looks) {
    shown.forEach(({ variant, lens, looks: most }, k) => {
      const value = isTold(this.quantity, variant) ? valueAt(lens.layers[this.index], this.quantity, looks[k]) : null;
      setText(this.values[k], valueText(this.quantity, value));
      this.cells[k].hidden = (most > 0 && value === null && Boolean(QUANTITIES[this.quantity].norm)) || !hasLayer(variant, this.index) || !isTold(this.quantity, variant);
    });
    const told = this.values.map((value) => value.textContent).filter(Boolean);
    setAttr(this.host, 'aria-label', told.length === 0 ? LENS.waiting : told.join('; '));
  }

  /** @param bins for each variant { edges, counts } or null; `half` of the axis; `when` in words */
  drawBins(bins, half, when) {
    setAttr(this.bins, 'aria-label', LENS.bins(this.index + 1, when, this.state.variants));
    const shapes = bins.map((of) => of?.counts[this.index] && densities(of.edges, of.counts[this.index], half));
    const peaks = shapes.filter(Boolean).map((shape) => ({ ...shape, peak: Math.max(...shape.within.map(({ density }) => density)) }));
    const flattest = Math.min(...peaks.filter(({ below, above }) => below + above < 0.5).map(({ peak }) => peak));
    const top = Math.min(Math.max(...peaks.map(({ peak }) => peak)), MOST_PEAKED * flattest) * 1.05;
    shapes.forEach((shape, k) => {
      const path = shape ? pathOf(shape.within, half, top) : '';
      setAttr(this.lines[k], 'd', path);
      setAttr(this.areas[k], 'd', path && `${path}V${HEIGHT}Z`);
      ['below', 'above'].forEach((side, which) => {
        const share = shape?.[side] ?? 0;
        setText(this.sides[k][which], share >= 0.005 ? LENS.beyond(share, side) : '');
      });
    });
  }
}

function pathOf(within, half, top) {
  const x = (value) => (((value + half) / (2 * half)) * WIDTH).toFixed(1);
  let path = `M${x(-half)} ${HEIGHT}`;
  for (const { from, to, density } of within) path += `H${x(from)}V${Math.max(0, HEIGHT * (1 - density / top)).toFixed(1)}H${x(to)}`;
  return `${path}V${HEIGHT}`;
}

const hasLayer = ({ settings }, index) => index < settings.hiddenLayers.length;

/** How many units a layer has at least and at most, of the variants that have it. */
function unitsOf(variants, index) {
  const counts = variants.filter((variant) => hasLayer(variant, index)).map(({ settings }) => settings.hiddenLayers[index]);
  return [Math.min(...counts), Math.max(...counts)];
}
