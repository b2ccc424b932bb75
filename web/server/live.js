/**
 * A WebSocket that comes back by itself. Frames are JSON arrays; `path()` is asked anew for every
 * connection, so that it can carry the number of the last event seen.
 *
 * Where none gets through, as behind proxies that refuse an upgrade, drop it, let it hang or keep back what comes,
 * the same is fetched meanwhile, and a WebSocket tried from time to time.
 */
import { Polling } from './polling.js';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const LONGEST_PAUSE_FETCHING = 30_000;

/** A WebSocket that is not open after so long may never be: from then on it is fetched, and after the second it is given up. */
const HANGS = 3000;
const HOPELESS = 20_000;

/** One that stayed open for so long did come through, though nothing was said. */
const LASTS = 3000;

/** So many in a row that brought nothing are no accident. */
const ENOUGH = 2;

/** What one link has found out holds for the next one too. */
let blocked = false;

export class Live {
  #socket = null;
  #timer = null;
  #pause = FIRST_PAUSE;
  #stopped = false;
  #failures = 0;
  #open = false;
  #polled = false;
  #spoke = false;
  #doubted = false;

  /**
   * @param path     () → path and query of the socket
   * @param handlers fetch(): a promise of what the socket would have brought; onEvents(array); onOpen(), onDown(): a
   *     WebSocket came or went; onFetched(): whether it is fetched, and whether that works, may have changed
   */
  constructor(path, handlers) {
    this.path = path;
    this.handlers = handlers;
    this.opened = 0;
    this.downs = 0;
    this.polling = new Polling(handlers.fetch, { answered: (events) => this.#answered(events), failed: () => this.#fetched(false) });
    if (blocked) {
      this.#doubted = true;
      this.#failed(ENOUGH);
    }
    this.#connect();
  }

  /** What happens arrives here, one way or the other. */
  get connected() {
    return !this.#stopped && (this.#open || this.#polled);
  }

  /** It is fetched, since no WebSocket gets through. */
  get fetching() {
    return this.#polled && !this.#open && this.#failures >= ENOUGH;
  }

  #connect() {
    this.#timer = null;
    const url = new URL(this.path(), location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#spoke = false;
    const late = [setTimeout(() => this.#failed(ENOUGH), HANGS), setTimeout(() => socket.close(), HOPELESS)];
    let openedAt = Infinity;
    socket.onopen = () => {
      late.forEach(clearTimeout);
      if (this.#stopped) return;
      openedAt = performance.now();
      this.opened++;
      if (!this.#doubted) this.#trust();
      this.handlers.onOpen?.();
    };
    socket.onmessage = (message) => {
      if (this.#stopped) return;
      this.#spoke = true;
      blocked = false;
      if (!this.#open) this.#trust();
      this.handlers.onEvents(JSON.parse(message.data));
    };
    socket.onclose = () => {
      late.forEach(clearTimeout);
      const useful = this.#spoke || (this.#open && performance.now() - openedAt >= LASTS);
      this.#lost(socket, useful ? 0 : 1);
    };
  }

  /** The WebSocket brings what happens: nothing need be fetched. */
  #trust() {
    this.#open = true;
    this.#doubted = false;
    this.polling.stop();
    this.#fetched(false);
  }

  /** @param failed how many failures that counts for; none if the socket was of use */
  #lost(socket, failed) {
    if (socket !== this.#socket || this.#stopped) return;
    this.#socket = null;
    this.#open = false;
    this.downs++;
    if (failed === 0) {
      this.#failures = 0;
      this.#pause = FIRST_PAUSE;
      blocked = false;
    } else this.#failed(failed);
    this.handlers.onDown?.();
    if (this.#stopped) return;
    // Many pages that lost the same server should not all come back in the same instant.
    this.#timer = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(this.#polled ? LONGEST_PAUSE_FETCHING : LONGEST_PAUSE, this.#pause * 2);
  }

  #failed(times) {
    if (this.#stopped) return;
    this.#failures += times;
    this.polling.start();
    if (this.#polled) this.#fetched(true);
  }

  #answered(events) {
    this.#fetched(true);
    if (events.length > 0) this.handlers.onEvents(events);
  }

  #fetched(polled) {
    this.#polled = polled;
    if (this.fetching) blocked = true;
    this.handlers.onFetched?.();
  }

  /** Tries at once: the network is said to be back, or the reader pressed the button. */
  retry() {
    this.polling.hurry();
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE;
    this.#connect();
  }

  /** Something new is known to be there. */
  hurry() {
    this.polling.hurry();
  }

  /**
   * The network is said to be gone: do not wait for the socket to find out.
   * @param silent the socket is open, but has not brought what there is: it is believed again once it brings something
   */
  drop(silent = false) {
    const socket = this.#socket;
    if (!socket) return;
    socket.close();
    this.#doubted ||= silent;
    if (silent) this.#lost(socket, this.#spoke ? 1 : ENOUGH);
    else this.#lost(socket, this.#open ? 0 : 1);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.polling.stop();
    this.#socket?.close();
    this.#socket = null;
  }
}
