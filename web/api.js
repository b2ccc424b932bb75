/** The server's HTTP calls. Every failure is a `Problem`, with the server's own words where it has any. */
import { signIn } from './login.js';

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

const runPath = (id) => `/api/runs/${encodeURIComponent(id)}`;

export const getSchema = () => call('/api/schema');

export const getRun = (id, signal) => call(runPath(id), { signal });

export const cancelRun = (id) => call(`${runPath(id)}/cancel`, { method: 'POST' });

export const deleteRun = (id) => call(runPath(id), { method: 'DELETE' });

export const getRuns = (limit, before) =>
  call(`/api/runs?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ''}`).then((body) => body.runs);

export const startRun = (request) =>
  call('/api/runs', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });

/** What the server computes on, and why. */
export const getBackend = () => call('/api/backend');

/** A run's events with its losses thinned to so many a variant. */
export const getEvents = (id, resolution) => call(`${runPath(id)}/events?resolution=${resolution}`);

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

export const eventsPath = (id) => `${runPath(id)}/events`;

export const livePath = (id, after, resolution) =>
  `${runPath(id)}/live?after=${after}${resolution ? `&resolution=${resolution}` : ''}`;

export const allLivePath = '/api/live';
