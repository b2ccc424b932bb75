/** The player of an ended run: play, pause, scrub, at a chosen speed. */
import { el, setAttr, setText } from './dom.js';
import { Film } from './film.js';
import { REPLAY, secondsOf } from './text.js';
import { SPEEDS } from './url.js';

export class Replay {
  /** @param handlers show(state, back): draw this moment; change(part of the view); closed() */
  constructor(root, view, handlers) {
    Object.assign(this, { root, view, handlers, film: null, playing: false });
    this.play = root.querySelector('[data-part="play"]');
    this.slider = root.querySelector('[data-part="moment"]');
    this.time = root.querySelector('[data-part="time"]');
    this.speed = root.querySelector('[data-part="speed"]');
    this.speed.append(...SPEEDS.map((speed) => el('option', { value: speed, text: `${speed}\u00d7` })));
    this.play.addEventListener('click', () => (this.playing ? this.#pause() : this.#start()));
    this.slider.addEventListener('input', () => this.#seek(Number(this.slider.value)));
    this.slider.addEventListener('change', () => this.#keep());
    this.speed.addEventListener('change', () => handlers.change({ speed: Number(this.speed.value) }));
    root.querySelector('[data-part="close"]').addEventListener('click', () => {
      this.close();
      handlers.closed();
    });
  }

  get open() {
    return this.film !== null;
  }

  /** Shows a run from its start, or from the second that the address holds. */
  start(state) {
    this.film = new Film(state);
    this.root.hidden = false;
    this.slider.max = String(Math.ceil(this.film.seconds * 100) / 100);
    this.speed.value = String(this.view.speed);
    const from = this.view.moment;
    this.#seek(from ?? 0, true);
    if (from === null) {
      this.#start();
      this.play.focus({ preventScroll: true });
    }
  }

  close() {
    this.playing = false;
    this.film = null;
    this.root.hidden = true;
  }

  #start() {
    if (this.film.second >= this.film.seconds) this.#seek(0);
    this.playing = true;
    this.#label();
    let before = performance.now();
    const step = (now) => {
      if (!this.playing) return;
      this.#seek(this.film.second + (Math.max(0, now - before) / 1000) * this.view.speed);
      before = now;
      if (this.film.second >= this.film.seconds) this.#pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  #pause() {
    this.playing = false;
    this.#label();
    this.#keep();
  }

  /** The moment goes into the address once it stands still. */
  #keep() {
    if (!this.playing && this.film) this.handlers.change({ moment: Number(this.film.second.toFixed(2)) });
  }

  #seek(second, fresh = false) {
    const back = this.film.seek(second);
    this.slider.value = String(this.film.second);
    setText(this.time, secondsOf(this.film.second, this.film.seconds));
    setAttr(this.slider, 'aria-valuetext', this.time.textContent);
    if (fresh) this.#label();
    this.handlers.show(this.film.moment, back, fresh);
  }

  #label() {
    setText(this.play, this.playing ? REPLAY.pause : REPLAY.play);
  }
}
