/**
 * What the page shows, as the fragment of its address:
 *
 *   #run=ID&smooth=0.9&scale=log&x=120-400
 *
 * run     the run in view; without it, the newest
 * smooth  weight of the smoothing, 0 to 0.99; default 0.9
 * scale   log: the loss axis is logarithmic
 * x       the iterations in view, first and last, of the variant with the most (the first of those); without it, all
 * band    what is drawn around the mean of repeats: sd or interval; default range
 * base    what the curves are drawn over: iteration, examples, epoch or seconds; default iteration, or epoch where
 *         variants make different numbers of iterations
 * pair    the two variants whose difference is shown, counted from 1; default 1-2
 * t       the second of an ended run that is replayed
 * speed   of the replay; default 1
 * compare the runs that are compared, by id, with commas
 * find    words that the listed runs have; sort: their order, oldest, best or name; default newest
 * look    what is shown of the hidden layers; default input: what enters the ReLU
 * reach   the test accuracy whose reaching is told, in percent; default 90
 */
import { BASES } from '../run/axis.js';
import { MOST_RUNS } from '../run/compare.js';
import { QUANTITIES } from '../run/layers.js';
import { BANDS } from '../run/stats.js';

export const SORTS = ['newest', 'oldest', 'best', 'name'];
/** As many characters the server takes. */
const LONGEST_FIND = 200;
export const DEFAULT_SMOOTHING = 0.9;
export const LARGEST_SMOOTHING = 0.99;
export const REACHES = [50, 70, 80, 85, 90, 92, 94, 95, 96, 97, 98];
export const DEFAULT_REACH = 90;
export const DEFAULT_LOOK = 'input';
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10];

export function readView(hash = location.hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const smooth = Number.parseFloat(fields.get('smooth'));
  const window = /^(\d+)-(\d+)$/.exec(fields.get('x') ?? '');
  return {
    run: fields.get('run') || null,
    smooth: Number.isFinite(smooth) ? Math.min(LARGEST_SMOOTHING, Math.max(0, smooth)) : DEFAULT_SMOOTHING,
    log: fields.get('scale') === 'log',
    band: BANDS.includes(fields.get('band')) ? fields.get('band') : BANDS[0],
    base: BASES.includes(fields.get('base')) ? fields.get('base') : null,
    pair: pairIn(fields.get('pair')),
    reach: REACHES.includes(Number(fields.get('reach'))) ? Number(fields.get('reach')) : DEFAULT_REACH,
    moment: /^\d+(\.\d+)?$/.test(fields.get('t') ?? '') ? Number(fields.get('t')) : null,
    speed: SPEEDS.includes(Number(fields.get('speed'))) ? Number(fields.get('speed')) : 1,
    look: Object.hasOwn(QUANTITIES, fields.get('look') ?? '') ? fields.get('look') : DEFAULT_LOOK,
    compare: fields.has('compare') ? fields.get('compare').split(',').filter(Boolean).slice(0, MOST_RUNS) : null,
    find: (fields.get('find') ?? '').slice(0, LONGEST_FIND),
    sort: SORTS.includes(fields.get('sort')) ? fields.get('sort') : SORTS[0],
    zoom: window && Number(window[1]) < Number(window[2]) ? [Number(window[1]), Number(window[2])] : null,
  };
}

const pairIn = (text) => /^([1-6])-([1-6])$/.exec(text ?? '')?.slice(1).map((digit) => Number(digit) - 1) ?? null;

export function writeView({ run, smooth = DEFAULT_SMOOTHING, log, zoom, band = BANDS[0], base = null, pair, reach = DEFAULT_REACH, moment = null, speed = 1, look = DEFAULT_LOOK, compare = null, find = '', sort = SORTS[0] }) {
  const fields = new URLSearchParams();
  if (run) fields.set('run', run);
  if (smooth !== DEFAULT_SMOOTHING) fields.set('smooth', String(Number(smooth.toFixed(3))));
  if (log) fields.set('scale', 'log');
  if (zoom) fields.set('x', `${Math.round(zoom[0])}-${Math.round(zoom[1])}`);
  if (band !== BANDS[0]) fields.set('band', band);
  if (base !== null) fields.set('base', base);
  if (pair && String(pair) !== '0,1') fields.set('pair', pair.map((index) => index + 1).join('-'));
  if (reach !== DEFAULT_REACH) fields.set('reach', String(reach));
  if (moment !== null) fields.set('t', String(moment));
  if (speed !== 1) fields.set('speed', String(speed));
  if (look !== DEFAULT_LOOK) fields.set('look', look);
  if (compare) fields.set('compare', compare.join(','));
  if (find) fields.set('find', find);
  if (sort !== SORTS[0]) fields.set('sort', sort);
  const text = fields.toString().replaceAll('%2C', ',');
  return text === '' ? location.pathname + location.search : `#${text}`;
}

/** A new step in the browser's history for another run; the rest of the view changes in place. */
export const pushView = (view) => history.pushState(null, '', writeView(view));

export const replaceView = (view) => history.replaceState(null, '', writeView(view));
