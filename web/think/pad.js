/**
 * The square on which something is drawn, or a test image shown. What is drawn is kept as strokes, so that it can be
 * drawn anew in the colours of another theme.
 */
import { el, setText } from '../page/dom.js';
import { colour } from '../page/palette.js';
import { THINK } from '../text/text.js';
import { SIDE, centred } from './images.js';
import { paintImage } from './paint.js';

/** Pixels of the square, whatever its size on the page; a pen of 24 leaves strokes as thick as MNIST's. */
const SIZE = 280;
const PEN = 24;

export class Pad {
  /** @param handlers changed(): there is another image; step(by): another test image is wanted */
  constructor({ changed, step }) {
    this.handlers = { changed, step };
    this.strokes = [];
    this.test = null;
    this.pixels = null;
    this.touched = false;
    this.canvas = el('canvas', { class: 'pad', width: SIZE, height: SIZE, tabindex: 0, role: 'slider', 'aria-valuemin': 0, 'aria-valuenow': 0, 'aria-describedby': 'pad-keys', 'data-testid': 'pad' });
    this.context = this.canvas.getContext('2d', { willReadFrequently: true });
    this.hint = el('p', { class: 'pad-hint', 'aria-hidden': 'true' });
    this.root = el('div', { class: 'pad-place' }, this.canvas, this.hint);
    this.#listen();
  }

  /** Grey values, or null. */
  get image() {
    return this.pixels;
  }

  /** @param images what the networks tell apart, as `imagesOf` says */
  show(images) {
    this.canvas.setAttribute('aria-label', THINK.pad(images));
    setText(this.hint, THINK.hint(images));
  }

  showTest(index, { pixels, label }) {
    Object.assign(this, { strokes: [], test: index, label, pixels, touched: true });
    this.#changed();
  }

  clear() {
    Object.assign(this, { strokes: [], test: null, label: null, pixels: null, touched: true });
    this.#changed();
  }

  paint() {
    const { context } = this;
    context.clearRect(0, 0, SIZE, SIZE);
    if (this.test !== null) paintImage(this.canvas, this.pixels, SIZE / SIDE);
    context.strokeStyle = colour('ink');
    context.lineWidth = PEN;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      // A point alone is a dot.
      if (stroke.length === 1) context.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      context.stroke();
    }
    this.hint.hidden = this.test !== null || this.strokes.length > 0;
  }

  #changed() {
    this.paint();
    this.handlers.changed();
  }

  #listen() {
    const { canvas } = this;
    let stroke = null;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * SIZE, ((event.clientY - box.top) / box.height) * SIZE];
    };
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      if (this.test !== null) Object.assign(this, { test: null, label: null, strokes: [] });
      stroke = [place(event)];
      this.strokes.push(stroke);
      this.touched = true;
      this.#drawn();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!stroke) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      stroke.push(...(moves.length > 0 ? moves : [event]).map(place));
      this.#drawn();
    });
    const end = () => (stroke = null);
    for (const over of ['pointerup', 'pointercancel', 'lostpointercapture']) canvas.addEventListener(over, end);
    canvas.addEventListener('keydown', (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key];
      if (step !== undefined) this.handlers.step(step);
      else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
      else return;
      event.preventDefault();
    });
  }

  #drawn() {
    this.paint();
    const { data } = this.context.getImageData(0, 0, SIZE, SIZE);
    const ink = new Float32Array(SIZE * SIZE);
    for (let k = 0; k < ink.length; k++) ink[k] = data[4 * k + 3] / 255;
    this.pixels = centred(ink, SIZE);
    this.handlers.changed();
  }
}
