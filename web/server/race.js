/** One run in view: its state, kept up from its live events until it ends. */
import { adopt, close, fold, hasEnded, newState } from '../run/state.js';
import { getNews, livePath } from './api.js';
import { Live } from './live.js';

/** A training of more iterations than this comes thinned to so many points; so do many that are long together. */
const LONG = 50_000;
const RESOLUTION = 20_000;
const MOST_POINTS = 500_000;

/** Points of each training that are asked for where not all are. */
export const resolutionOf = ({ variants, repeats }) => Math.min(RESOLUTION, Math.floor(MOST_POINTS / (variants.length * repeats)));

/** How long the last events may trail behind the news that a run has ended. */
const GRACE = 2000;

/** What is fetched so soon after the last time comes in full, as from a WebSocket. */
const RECENT = 10_000;

export class Race {
  /** @param handlers changed(): the state has new events; link(): the connection came or went; heard(): the server spoke */
  constructor(run, { changed, link, heard = () => {} }) {
    this.state = newState(run);
    this.changed = changed;
    this.link = link;
    this.heard = heard;
    this.live = null;
    this.complete = false;
    this.fetchedAt = -Infinity;
    this.#open();
  }

  /** Nothing is missing: it is all here, or the connection stands, or is being made for the first time. */
  get linked() {
    return this.complete || this.live.connected || this.live.downs === 0;
  }

  /** It is followed without a WebSocket. */
  get fetching() {
    return !this.complete && this.live.fetching;
  }

  /** It has ended, and its last event is here. */
  get ended() {
    return hasEnded(this.state.status) && this.state.endedAt !== null;
  }

  #open() {
    const { state } = this;
    const all = state.variants.reduce((sum, { schedule }) => sum + schedule.total, 0) * state.repeats;
    const long = state.total > LONG || all > MOST_POINTS;
    const resolution = long ? resolutionOf(state) : null;
    this.live = new Live(() => livePath(state.id, state.seq, resolution), {
      fetch: () => this.#fetch(resolution),
      onFetched: () => this.link(),
      onOpen: () => this.link(),
      onDown: () => {
        // The server may close behind the last event of a run that has ended.
        if (state.seq > 0 && hasEnded(state.status)) this.#finish();
        this.link();
      },
      onEvents: (events) => {
        this.heard();
        if (fold(state, events)) this.changed();
        if (events.some((event) => event.type === 'run' && hasEnded(event.status)) && hasEnded(state.status)) this.#finish();
      },
    });
  }

  async #fetch(resolution) {
    const recent = performance.now() - this.fetchedAt < RECENT;
    const events = await getNews(this.state.id, this.state.seq, recent ? null : resolution);
    this.fetchedAt = performance.now();
    return events;
  }

  #finish() {
    if (this.complete) return;
    this.complete = true;
    this.live.stop();
    this.link();
  }

  /** What the server says of this run beside its events. */
  adopt(run) {
    if (run.status !== this.state.status) this.live.hurry();
    adopt(this.state, run);
    if (!hasEnded(run.status) && this.complete) {
      this.complete = false;
      this.#open();
    } else if (hasEnded(run.status) && !hasEnded(this.state.status)) {
      setTimeout(() => this.#close(run), GRACE);
    }
    this.changed();
  }

  #close(run) {
    if (hasEnded(this.state.status) || this.complete || this.state.run.status !== run.status) return;
    close(this.state, run);
    this.changed();
  }

  retry() {
    if (!this.complete) this.live.retry();
  }

  drop(silent = false) {
    if (!this.complete) this.live.drop(silent);
  }

  /** Somebody looks again. */
  hurry() {
    if (!this.complete) this.live.hurry();
  }

  stop() {
    this.complete = true;
    this.live.stop();
  }
}
