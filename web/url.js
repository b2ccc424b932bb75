/**
 * What the page shows, as the fragment of its address:
 *
 *   #run=ID&smooth=0.9&scale=log&x=120-400
 *
 * run     the run in view; without it, the newest
 * smooth  weight of the smoothing, 0 to 0.99; default 0.9
 * scale   log: the loss axis is logarithmic
 * x       the iterations in view, first and last; without it, all
 */
export const DEFAULT_SMOOTHING = 0.9;
export const LARGEST_SMOOTHING = 0.99;

export function readView(hash = location.hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const smooth = Number.parseFloat(fields.get('smooth'));
  const window = /^(\d+)-(\d+)$/.exec(fields.get('x') ?? '');
  return {
    run: fields.get('run') || null,
    smooth: Number.isFinite(smooth) ? Math.min(LARGEST_SMOOTHING, Math.max(0, smooth)) : DEFAULT_SMOOTHING,
    log: fields.get('scale') === 'log',
    zoom: window && Number(window[1]) < Number(window[2]) ? [Number(window[1]), Number(window[2])] : null,
  };
}

export function writeView({ run, smooth, log, zoom }) {
  const fields = new URLSearchParams();
  if (run) fields.set('run', run);
  if (smooth !== DEFAULT_SMOOTHING) fields.set('smooth', String(Number(smooth.toFixed(3))));
  if (log) fields.set('scale', 'log');
  if (zoom) fields.set('x', `${Math.round(zoom[0])}-${Math.round(zoom[1])}`);
  const text = fields.toString();
  return text === '' ? location.pathname + location.search : `#${text}`;
}

/** A new step in the browser's history for another run; the rest of the view changes in place. */
export const pushView = (view) => history.pushState(null, '', writeView(view));

export const replaceView = (view) => history.replaceState(null, '', writeView(view));
