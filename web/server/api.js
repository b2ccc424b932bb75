/** The server's HTTP calls. Every failure is a `Problem`, with the server's own words where it has any. */

/** Asks the visitor to sign in where a call needs that, and tells whether it was done. */
let signIn = async () => false;

export function signInBy(ask) {
  signIn = ask;
}

export class Problem extends Error {
  constructor(status, { title, detail, errors, current } = {}, headers = new Headers()) {
    super(detail || title || `HTTP ${status}`);
    this.status = status;
    this.title = title ?? null;
    this.detail = detail ?? null;
    this.errors = errors ?? {};
    this.retryAfter = headers.get('Retry-After');
    /** Of a change that came too late: what there is by now, and what stands for it. */
    this.current = current ?? null;
    this.tag = headers.get('ETag');
  }

  /** The server could not be reached at all. */
  get offline() {
    return this.status === 0;
  }
}

/** @param answer makes of an answer's JSON and headers what is returned */
async function call(path, options = {}, answer = (json) => json) {
  let response;
  const sentAt = performance.now();
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
  if (response.status === 401 && (await signIn(sentAt))) return call(path, options, answer);
  if (!response.ok) throw new Problem(response.status, json ?? {}, response.headers);
  return answer(json, response.headers);
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Relative, as all addresses here: a proxy may serve the page below a path of its own. */
export const runsPath = 'api/runs';

const runPath = (id) => `${runsPath}/${encodeURIComponent(id)}`;

export const getSchema = () => call('api/schema');

/** What runs can be trained on, and what can't be used, with its fault. */
export const getDatasets = () => call('api/datasets').then(({ datasets }) => datasets);

export const getRun = (id, signal) => call(runPath(id), { signal });

export const cancelRun = (id) => call(`${runPath(id)}/cancel`, { method: 'POST' });

export const deleteRun = (id) => call(runPath(id), { method: 'DELETE' });

/** A run's name and note, with the tag that stands for them. */
export const getLabel = (id) => call(runPath(id), {}, ({ name, note }, headers) => ({ name, note, tag: headers.get('ETag') }));

/** Another name or note, empty for none; only if they are still those of the tag, unless that is null. */
export const labelRun = (id, label, tag) =>
  call(runPath(id), { method: 'PATCH', headers: { ...JSON_TYPE, ...(tag && { 'If-Match': tag }) }, body: JSON.stringify(label) });

/** At most so many iterations a second of each training; null for as fast as it goes. */
export const setPace = (id, iterationsPerSecond) =>
  call(`${runPath(id)}/pace`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ iterationsPerSecond }) });

/** Losses of a training from one iteration to another, every one. */
export const getLosses = (id, variant, repeat, from, to) =>
  call(`${runPath(id)}/losses?${new URLSearchParams({ variant, repeat, from, to })}`);

/** The losses of all trainings, every one smoothed, then thinned to so many points a training. */
export const getSmoothed = (id, weight, resolution) => call(`${runPath(id)}/smoothed?weight=${weight}&resolution=${resolution}`);

/** The server's time, in milliseconds since 1970. */
export const getClock = () => fetch('api/clock', { cache: 'no-store' }).then((answer) => answer.json()).then((body) => body.milliseconds);

/** What the page has measured of its delay; whether it arrives is nobody's worry. */
export const reportDelays = (seconds) =>
  fetch('api/page-delays', { method: 'POST', keepalive: true, headers: JSON_TYPE, body: JSON.stringify({ seconds }) }).catch(() => null);

/** What the page's orders are to the server. */
const SORTED = { oldest: { order: 'asc' }, best: { sort: 'accuracy' }, name: { sort: 'name' } };

/** A page of runs: { runs, found, total, next }; `before` is the last page's `next`. */
export function getRuns({ limit, before = null, find = '', sort = 'newest' }) {
  const query = new URLSearchParams({ limit, ...SORTED[sort] });
  if (find.trim()) query.set('search', find.trim());
  if (before !== null) query.set('before', before);
  return call(`${runsPath}?${query}`);
}

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
    const run = await call(runsPath, { method: 'POST', headers: { ...JSON_TYPE, 'Idempotency-Key': start.key }, body });
    unanswered = null;
    return run;
  } catch (problem) {
    if (!problem.offline && problem.status < 500) unanswered = null;
    throw problem;
  }
}

/** What the server computes on, and why. */
export const getBackend = () => call('api/backend');

/** A run's events with its losses thinned to so many a variant, without what was seen in its layers. */
export const getEvents = (id, resolution) => call(`${runPath(id)}/events?resolution=${resolution}&looks=0`);

/** A run's events after a number: what its WebSocket would bring. */
export const getNews = (id, after, resolution) => call(`${runPath(id)}/events?after=${after}${thinned(resolution)}`);

/** Enough for a sparkline. */
export const getOutline = (id) => getEvents(id, 100);

/** What a run's networks see in an image of 28 × 28 grey values. */
export const askNetworks = (id, repeat, image) =>
  call(`${runPath(id)}/predict?repeat=${repeat}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ image }) });

/** What a run's networks took the test images for. */
export const getPredictions = (id, repeat) => call(`${runPath(id)}/predictions?repeat=${repeat}`);

/** An address of this server in full, for those outside of the page. */
export const fullAddress = (path) => new URL(path, document.baseURI).href;

/** Test images with what they are, as bytes in base64, if the server's are those that the run was tested on. */
export const getTestImages = (dataset, run, from, count) => call(`api/datasets/${encodeURIComponent(dataset)}/test?from=${from}&count=${count}&run=${encodeURIComponent(run)}`);

export const csvPath = (id) => `${runPath(id)}/curves.csv`;

export const layersPath = (id) => `${runPath(id)}/layers.csv`;

/** A trained network, as a file of a format: dl4j or npz. */
export const modelPath = (id, variant, repeat, format) => `${runPath(id)}/models?${new URLSearchParams({ variant, repeat, format })}`;

export const eventsPath = (id) => `${runPath(id)}/events`;

export const livePath = (id, after, resolution) => `${runPath(id)}/live?after=${after}${thinned(resolution)}`;

export const allLivePath = 'api/live';

const thinned = (resolution) => (resolution ? `&resolution=${resolution}` : '');

/** What the server itself has against one more WebSocket: its words, or null if it has nothing against it. */
export const refusalOfSockets = () => call(allLivePath).then(() => null, (problem) => (problem.status === 503 ? problem.detail : null));
