/**
 * The page's wiring: address ⇄ run in view, buttons → server, server → screen.
 *
 * To read the page, begin here; then follow the folders, each of which imports from those before it alone:
 *
 *   run/     what is known of a run, without words or elements: state.js (the fold), member.js, claims.js, film.js
 *   server/  what is asked and heard: api.js, race.js (a run, kept up from its live events)
 *   text/    all words and numbers, in English; text.js tells how to translate them, words.js fills in index.html
 *   page/    what all parts share: dom.js, palette.js, and url.js (the address)
 *   chart/   charts.js (two charts, one time base), what they are drawn with, and figures.js to take away
 *   think/   the section that asks the networks: think.js
 *   aside/   the column beside the run: form.js, runs.js (the list), and the runs compared
 *   view/    the run in view: screen.js (one drawing a frame) with lanes.js, details.js and its sections
 *
 * All colours are in style/tokens.css.
 */
import { Form } from './aside/form.js';
import { drawGallery } from './aside/gallery.js';
import { History } from './aside/history.js';
import { openForm } from './aside/panel.js';
import { Runs } from './aside/runs.js';
import { byId, el, setAttr, setText } from './page/dom.js';
import { offerHooks } from './page/hooks.js';
import { checkSession, signIn } from './page/login.js';
import { whenPrinted } from './page/paper.js';
import { Parts } from './page/parts.js';
import { themeSwitch } from './page/themeswitch.js';
import { pushView, readView, replaceView } from './page/url.js';
import { BASES, usualBase } from './run/axis.js';
import { knowDatasets } from './run/datasets.js';
import { defaultsOf, idleState } from './run/idle.js';
import { BANDS } from './run/stats.js';
import * as api from './server/api.js';
import { Live } from './server/live.js';
import { Race } from './server/race.js';
import { Watch } from './server/watch.js';
import { BAND, CHART, DIFFERENCE, FETCHING, SAY, backendText } from './text/text.js';
import { drawAbout } from './view/about.js';
import { Replay, hasBeen } from './view/replay.js';
import { Screen } from './view/screen.js';

api.signInBy(signIn);

const view = readView();
let schema = null;
let form = null;
let race = null;
let asked = 0;
let forming = null;
let caughtUp = false;

const screen = new Screen(view, {
  zoomed: (zoom) => change({ zoom }),
  change,
  again: (settings) => form?.startWith(settings),
  remove: async (id) => {
    await api.deleteRun(id);
    forget(id);
  },
  painted: (state) => state.id !== null && runs.follow(state),
  labelled: (run) => {
    runs.put(run);
    if (race?.state.id === run.id) race.adopt(run);
  },
});
const runs = new Runs({ list: byId('runs'), note: byId('runs-note'), more: byId('runs-more') }, (id) => {
  openForm(false);
  past.compare(null);
  go(id);
}, (id, chosen) => past.pick(id, chosen));
const past = new History(runs, view, () => ({ schema, current: race?.ended ? race.state.id : null }));
const replay = new Replay(byId('replay'), view, {
  show: (moment, back) => screen.showMoment(moment, back),
  change,
  closed: () => {
    change({ moment: null });
    screen.showMoment(null);
    byId('replay-open').focus();
  },
});
const all = new Live(() => api.allLivePath, {
  fetch: async () => {
    await catchUp();
    return [];
  },
  onFetched: showLink,
  onOpen: sync,
  onDown: lost,
  onEvents: (events) => events.forEach(hear),
});

const watch = new Watch({
  running: () => (race?.state.status === 'running' && race.live.connected && !race.live.fetching ? race.state.id : null),
  ask: api.getRun,
  held: (name, repeat) => race.state.variants.find((variant) => variant.name === name)?.members[repeat - 1]?.iterations.last ?? 0,
  lost: () => {
    all.drop();
    race.drop(true);
    [all, race].forEach((link) => link.retry());
  },
});

// ---- which run is in view -------------------------------------------------------------------------

/** Shows another run as a new step in the browser's history. */
function go(id, run = null) {
  if (view.run === id && race?.state.id === id) return;
  Object.assign(view, { run: id, zoom: null, moment: null });
  pushView(view);
  drawControls();
  load(id, run);
}

/** Shows the run of the address, or the newest, or none. */
async function settle() {
  const newest = runs.newest;
  if (!view.run && newest) {
    view.run = newest.id;
    replaceView(view);
  }
  if (!view.run) return showNone();
  if (race?.state.id !== view.run) await load(view.run);
}

/** A call's answer counts only if nothing else has been asked for since. */
async function load(id, known = null) {
  const ticket = ++asked;
  try {
    const run = known ?? (await api.getRun(id));
    if (ticket === asked) show(run);
  } catch (problem) {
    if (ticket !== asked) return;
    if (problem.status === 404) showNone({ text: SAY.gone, gone: true });
    else if (!race) showNone({ text: problem.offline ? SAY.loadFailed : problem.message });
  }
}

function show(run) {
  race?.stop();
  replay.close();
  race = new Race(run, { changed, link: showLink, heard: () => watch.heard() });
  runs.put(run);
  runs.select(run.id);
  screen.show(race.state, schema);
  drawBase();
  showLink();
}

/** New events; a link to a moment waits until it has been, or until the run has ended. */
function changed() {
  screen.ask();
  if (replay.open) replay.extend();
  else if (view.moment !== null && (race.ended || hasBeen(race.state, view.moment))) replay.start(race.state);
}

function showNone(notice = null) {
  race?.stop();
  replay.close();
  race = null;
  runs.select(null);
  screen.show(idleState(schema), schema, notice);
  if (!notice) {
    openForm(true);
    byId('gallery-fold').open = true;
  }
  showLink();
}

/** A run is no more. */
function forget(id) {
  runs.remove(id);
  past.forget(id);
  if (race?.state.id === id) showNone({ text: SAY.deleted, gone: true });
}

// ---- the server -----------------------------------------------------------------------------------

/** On every connection: the list first, then what is in view, so that nothing falls between. */
async function sync() {
  showLink();
  race?.retry();
  await catchUp(true).catch(() => null);
}

/** Reads what the WebSocket of all runs would have told. @param anew the connection is new: the address counts too */
async function catchUp(anew = !caughtUp) {
  try {
    if (!schema) await (forming ??= loadForm().finally(() => (forming = null)));
    if (anew) sayBackend();
    form.reached();
    const listed = await runs.refresh();
    listed.forEach((run) => past.heard(run));
    if (race) {
      const { id } = race.state;
      const run = listed.find((candidate) => candidate.id === id) ?? (await api.getRun(id));
      if (race?.state.id === id) race.adopt(run);
    }
    if (anew || (!race && !view.run && runs.newest)) await settle();
    if (anew && view.compare) past.compare(view.compare);
    caughtUp = true;
  } catch (problem) {
    caughtUp = false;
    if (problem.status === 404 && race) return forget(race.state.id);
    if (!race) showNone({ text: SAY.loadFailed });
    throw problem;
  }
}

/** What the server computes on; it may still be finding out. */
async function sayBackend() {
  const told = await api.getBackend().catch(() => null);
  if (told) setText(byId('backend'), backendText(told));
  if (told?.backend === 'starting') setTimeout(sayBackend, 1000);
}

async function loadForm() {
  const [datasets, known] = await Promise.all([api.getDatasets(), api.getSchema()]);
  knowDatasets(datasets);
  schema = known;
  runs.defaults = defaultsOf(schema);
  form = new Form(byId('form'), schema, async (request) => {
    const run = await api.startRun(request);
    openForm(false);
    past.compare(null);
    go(run.id, run);
    screen.reveal();
  });
  const experiment = (settings, best) => {
    change(best);
    form.startWith(settings);
  };
  drawGallery(byId('gallery'), experiment);
  drawAbout(byId('about'), experiment);
}

/** One change of a run's status. */
function hear({ id, status, run }) {
  if (status === 'deleted') return forget(id);
  if (!run) return;
  runs.put(run);
  past.heard(run);
  if (race?.state.id === id) race.adopt(run);
  else if (!race && !view.run) settle();
}

/** The server may be gone, or may not want to show anything before the visitor has signed in. */
function lost() {
  showLink();
  checkSession(() => all.retry());
}

function showLink() {
  const linked = all.connected && (race?.linked ?? true);
  const fetching = linked && (all.fetching || Boolean(race?.fetching));
  screen.dot.set(fetching ? 'fetching' : linked ? 'live' : all.opened + all.downs === 0 ? 'connecting' : 'offline');
  document.body.classList.toggle('offline', !linked);
  sayFetching(fetching);
}

/** Why what happens is fetched, which may be told by the server. */
async function sayFetching(fetching) {
  const note = byId('link-note');
  if (note.hidden !== fetching) return;
  note.hidden = !fetching;
  if (!fetching) return;
  setText(note, FETCHING.proxied);
  const refusal = await api.refusalOfSockets();
  if (refusal) setText(note, FETCHING.refused(refusal));
}

// ---- the controls ---------------------------------------------------------------------------------

function change(part) {
  Object.assign(view, part);
  replaceView(view);
  drawControls();
  screen.ask();
}

function drawControls() {
  byId('smooth').value = view.smooth;
  setText(byId('smooth-value'), view.smooth.toFixed(2));
  setAttr(byId('smooth'), 'aria-valuetext', CHART.weight(view.smooth.toFixed(2)));
  setAttr(byId('log'), 'aria-pressed', String(view.log));
  byId('band').value = view.band;
  drawBase();
  byId('zoom-out').classList.toggle('off', view.zoom === null);
  byId('zoom-out').disabled = view.zoom === null;
  screen.charts.setView(view);
}

/** What the curves are drawn over: what was chosen, or what suits the run. */
function drawBase() {
  byId('base').value = view.base ?? (screen.state ? usualBase(screen.state) : BASES[0]);
}

byId('smooth').addEventListener('input', (event) => change({ smooth: Number(event.target.value) }));
byId('band').append(...BANDS.map((band) => el('option', { value: band, text: BAND[band] })));
byId('band').addEventListener('change', (event) => change({ band: event.target.value }));
byId('base').append(...BASES.map((base) => el('option', { value: base, text: DIFFERENCE.base[base] })));
byId('base').addEventListener('change', ({ target }) => change({ base: screen.state && target.value === usualBase(screen.state) ? null : target.value }));
byId('log').addEventListener('click', () => change({ log: !view.log }));
byId('zoom-out').addEventListener('click', () => change({ zoom: null }));
byId('new-run').addEventListener('click', () => openForm(!document.body.classList.contains('form-open')));
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});
byId('again').addEventListener('click', () => {
  form?.fill(race.state.settings);
  openForm(true);
  form?.focus();
});
byId('cancel').addEventListener('click', async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    await api.cancelRun(race.state.id);
  } catch (problem) {
    // 409: it has just ended by itself, which its events will say.
    if (problem.status !== 409) screen.say(problem.offline ? SAY.cancelFailed : problem.message);
  } finally {
    screen.ask();
  }
});
byId('replay-open').addEventListener('click', () => replay.start(race.state));
addEventListener('popstate', () => {
  Object.assign(view, readView());
  replay.close();
  screen.showMoment(null);
  past.show();
  if (race?.state.id === view.run) changed();
  drawControls();
  settle();
});
addEventListener('offline', () => [all, race].forEach((link) => link?.drop()));
addEventListener('online', () => [all, race].forEach((link) => link?.retry()));
document.addEventListener('visibilitychange', () => document.hidden || [all, race].forEach((link) => link?.hurry()));
checkSession(() => all.retry());
themeSwitch(byId('theme'), () => {
  screen.ask();
  past.redraw();
});
whenPrinted((printing) => screen.print(printing));
past.arrange();
drawControls();
new Parts(byId('parts'), byId('main'));

offerHooks(() => race, screen, past.compared);
