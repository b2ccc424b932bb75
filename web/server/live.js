/**
 * A WebSocket that comes back by itself. Frames are JSON arrays; `path()` is asked anew for every
 * connection, so that it can carry the number of the last event seen.
 */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

export class Live {
  #socket = null;
  #timer = null;
  #pause = FIRST_PAUSE;
  #stopped = false;

  /**
   * @param path     () → path and query of the socket
   * @param handlers onOpen(again), onEvents(array), onDown(): each optional but onEvents
   */
  constructor(path, handlers) {
    this.path = path;
    this.handlers = handlers;
    this.connected = false;
    this.opened = 0;
    this.downs = 0;
    this.#connect();
  }

  #connect() {
    this.#timer = null;
    const url = new URL(this.path(), location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.connected = true;
      this.#pause = FIRST_PAUSE;
      this.handlers.onOpen?.(this.opened++ > 0);
    };
    socket.onmessage = (message) => {
      if (!this.#stopped) this.handlers.onEvents(JSON.parse(message.data));
    };
    socket.onclose = () => this.#lost(socket);
  }

  #lost(socket) {
    if (socket !== this.#socket || this.#stopped) return;
    this.#socket = null;
    this.connected = false;
    this.downs++;
    this.handlers.onDown?.();
    if (this.#stopped) return;
    // Many pages that lost the same server should not all come back in the same instant.
    this.#timer = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  /** Tries at once: the network is said to be back, or the reader pressed the button. */
  retry() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE;
    this.#connect();
  }

  /** The network is said to be gone: do not wait for the socket to find out. */
  drop() {
    this.#socket?.close();
    if (this.#socket) this.#lost(this.#socket);
  }

  stop() {
    this.#stopped = true;
    this.connected = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }
}
