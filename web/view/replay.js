/** The player of a run, ended or so far: play, pause, scrub, at a chosen speed. */
import { el, setAttr, setText } from '../page/dom.js';
import { SPEEDS } from '../page/url.js';
import { Film } from '../run/film.js';
import { hasEnded } from '../run/state.js';
import { REPLAY, secondsOf } from '../text/text.js';

/** How often a run that goes on while it is looked back at is looked at anew. */
const EXTEND_EVERY = 250;

/** Looking back at a run that goes on begins so many seconds ago. */
const LOOK_BACK = 10;

/** Seconds that a replay takes at least: a run that is over sooner is replayed more slowly. */
const LEAST = 8;

export const isShort = ({ variants }) => Math.max(...variants.map(({ seconds }) => seconds ?? 0)) < LEAST;

/** Has a run come to this second of it, as far as is known here? */
export const hasBeen = ({ startedAt, sentAt, status }, second) => !hasEnded(status) && startedAt !== null && sentAt !== null && sentAt - startedAt >= second * 1000;

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
    this.out = root.querySelector('[data-part="close"]');
    this.out.addEventListener('click', () => this.#leave());
  }

  get open() {
    return this.film !== null;
  }

  /** Still going on while it is looked back at? */
  get #live() {
    return !hasEnded(this.film.whole.status);
  }

  /** Shows a run from its start, or from the second that the address holds. */
  start(state) {
    this.film = new Film(state);
    this.root.hidden = false;
    this.#measure();
    const from = this.view.moment;
    if (from === null && !this.#live && this.view.speed === 1) {
      this.handlers.change({ speed: SPEEDS.findLast((speed) => speed <= 1 && this.film.seconds >= speed * LEAST) ?? SPEEDS[0] });
    }
    this.speed.value = String(this.view.speed);
    this.#seek(from ?? 0, true);
    if (from === null) {
      // From its start; of a run that goes on, from where one has just looked away.
      if (this.#live) this.#seek(Math.max(0, this.film.seconds - LOOK_BACK), true);
      else this.#start();
      this.play.focus({ preventScroll: true });
    }
  }

  /** The run that is looked back at has gone on. */
  extend() {
    if (this.extending) return;
    this.extending = setTimeout(() => {
      this.extending = null;
      if (!this.film) return;
      this.film.extend();
      this.#measure();
      this.#tell();
      if (!this.#live) this.#seek(this.film.second);
    }, EXTEND_EVERY);
  }

  #measure() {
    this.slider.max = String(Math.ceil(this.film.seconds * 100) / 100);
    setText(this.out, this.#live ? REPLAY.live : REPLAY.close);
  }

  #leave() {
    this.close();
    this.handlers.closed();
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
      // What has caught up with the present is live again.
      if (this.film.second >= this.film.seconds) this.#live ? this.#leave() : this.#pause();
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
    this.#tell();
    if (fresh) this.#label();
    this.handlers.show(this.film.moment, back, fresh);
  }

  #tell() {
    setText(this.time, secondsOf(this.film.second, this.film.seconds));
    setAttr(this.slider, 'aria-valuetext', this.time.textContent);
  }

  #label() {
    setText(this.play, this.playing ? REPLAY.pause : REPLAY.play);
  }
}
