/** The server's HTTP calls. Every failure is a `Problem`, with the server's own words where it has any. */

/** Asks the visitor to sign in where a call needs that, and tells whether it was done. */
let signIn = async () => false;

export function signInBy(ask) {
  signIn = ask;
}

export class Problem extends Error {
  constructor(status, { title, detail, errors } = {}, retryAfter = null) {
    super(detail || title || `HTTP ${status}`);
    this.status = status;
    this.title = title ?? null;
    this.detail = detail ?? null;
    this.errors = errors ?? {};
    this.retryAfter = retryAfter;
  }

  /** The server could not be reached at all. */
  get offline() {
    return this.status === 0;
  }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Problem(0);
  }
  const body = await response.text();
  let json = null;
  try {
    json = body === '' ? null : JSON.parse(body);
  } catch {
    if (response.ok) throw new Problem(response.status);
  }
  if (response.status === 401 && (await signIn())) return call(path, options);
  if (!response.ok) throw new Problem(response.status, json ?? {}, response.headers.get('Retry-After'));
  return json;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

const runPath = (id) => `/api/runs/${encodeURIComponent(id)}`;

export const getSchema = () => call('/api/schema');

export const getRun = (id, signal) => call(runPath(id), { signal });

export const cancelRun = (id) => call(`${runPath(id)}/cancel`, { method: 'POST' });

export const deleteRun = (id) => call(runPath(id), { method: 'DELETE' });

/** Another name or note; empty for none. */
export const labelRun = (id, label) => call(runPath(id), { method: 'PATCH', headers: JSON_TYPE, body: JSON.stringify(label) });

/** At most so many iterations a second of each training; null for as fast as it goes. */
export const setPace = (id, iterationsPerSecond) =>
  call(`${runPath(id)}/pace`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ iterationsPerSecond }) });

/** Losses of a training from one iteration to another, every one. */
export const getLosses = (id, variant, repeat, from, to) =>
  call(`${runPath(id)}/losses/${encodeURIComponent(variant)}?repeat=${repeat}&from=${from}&to=${to}`);

/** The server's time, in milliseconds since 1970. */
export const getClock = () => fetch('/api/clock', { cache: 'no-store' }).then((answer) => answer.json()).then((body) => body.milliseconds);

/** What the page has measured of its delay; whether it arrives is nobody's worry. */
export const reportDelays = (seconds) =>
  fetch('/api/page-delays', { method: 'POST', keepalive: true, headers: JSON_TYPE, body: JSON.stringify({ seconds }) }).catch(() => null);

export const getRuns = (limit, before) =>
  call(`/api/runs?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ''}`).then((body) => body.runs);

/** The last start if it isn't known what became of it: sent again as it was, it has the same key. */
let unanswered = null;

/** Not `crypto.randomUUID`, which a page has only over HTTPS or on this machine. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Starts a run: one, also if the answer gets lost on the way and it is asked for again. */
export async function startRun(request) {
  const body = JSON.stringify(request);
  if (unanswered?.body !== body) unanswered = { body, key: newKey() };
  const start = unanswered;
  try {
    const run = await call('/api/runs', { method: 'POST', headers: { ...JSON_TYPE, 'Idempotency-Key': start.key }, body });
    unanswered = null;
    return run;
  } catch (problem) {
    if (!problem.offline && problem.status < 500) unanswered = null;
    throw problem;
  }
}

/** What the server computes on, and why. */
export const getBackend = () => call('/api/backend');

/** A run's events with its losses thinned to so many a variant, without what was seen in its layers. */
export const getEvents = (id, resolution) => call(`${runPath(id)}/events?resolution=${resolution}&looks=0`);

/** Enough for a sparkline. */
export const getOutline = (id) => getEvents(id, 100);

/** What a run's networks see in an image of 784 grey values. */
export const askNetworks = (id, repeat, image) =>
  call(`${runPath(id)}/predict?repeat=${repeat}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ image }) });

/** What a run's networks took the test images for. */
export const getPredictions = (id, repeat) => call(`${runPath(id)}/predictions?repeat=${repeat}`);

/** Test images with what they are, as bytes in base64. */
export const getTestImages = (from, count) => call(`/api/datasets/mnist/test?from=${from}&count=${count}`);

export const csvPath = (id) => `${runPath(id)}/curves.csv`;

export const layersPath = (id) => `${runPath(id)}/layers.csv`;

export const eventsPath = (id) => `${runPath(id)}/events`;

export const livePath = (id, after, resolution) =>
  `${runPath(id)}/live?after=${after}${resolution ? `&resolution=${resolution}` : ''}`;

export const allLivePath = '/api/live';
