/**
 * Everything the page knows of one run: a fold over its events. No DOM, no clock, no network.
 *
 * `fold` takes events in any framing, ignores those it has seen (by `seq`, and steps by iteration),
 * and appends into growing columns, so folding a whole history once or in pieces gives the same state.
 *
 * A run has `variants`, a variant has `members`: one for each repeat, with its own columns. What stands on the
 * variant itself (see member.js) is the one member's own, or of several their mean at each point over those that
 * have come that far.
 */
import { foldHistograms, foldLayers } from './layers.js';
import { averageSpeed, gather, newMember, newVariant } from './member.js';
import { scheduleOf, variantsOf } from './variants.js';

const ENDED = new Set(['completed', 'cancelled', 'failed', 'interrupted', 'diverged']);

export const hasEnded = (status) => ENDED.has(status);

/** A mean over repeats has no more points than this: beyond, it skips iterations evenly. */
const MOST_POINTS = 50_000;

/** What its trainings are held to, in iterations a second; null for as fast as they go. */
const paceOf = ({ pace, settings }) => (pace ? pace.iterationsPerSecond : settings.iterationsPerSecond) ?? null;

/** The state before the first event; `run` is a run as the server answers it. */
export function newState(run) {
  const { settings, trainings = [] } = run;
  const repeats = settings.repeats ?? 1;
  const variants = variantsOf(settings).map((variant) => {
    const schedule = scheduleOf(variant.settings);
    const training = (repeat) => trainings.find((of) => of.variant === variant.name && (of.repeat ?? 1) === repeat);
    const members = Array.from({ length: repeats }, (_, k) => newMember(k + 1, training(k + 1)));
    return newVariant({ ...variant, schedule, stride: Math.max(1, Math.ceil(schedule.total / MOST_POINTS)) }, members);
  });
  return {
    run,
    id: run.id,
    settings,
    repeats,
    seq: 0,
    status: run.status,
    message: run.message ?? null,
    name: run.name ?? null,
    note: run.note ?? null,
    // What it is trained on: fingerprints of its training and test images; null while that isn't known.
    data: run.data ?? null,
    pace: paceOf(run),
    cancelling: Boolean(run.cancelRequestedAt),
    // The most iterations that any of its trainings has.
    total: mostOf(variants),
    // The run had ended before the page asked: what comes now is its history, not its present.
    history: hasEnded(run.status),
    sentAt: null,
    startedAt: Date.parse(run.startedAt) || null,
    endedAt: null,
    variants,
  };
}

/** Folds events into `state`; answers whether anything was new. */
export function fold(state, events) {
  let changed = false;
  const touched = new Set();
  for (const event of events) {
    if (event.seq <= state.seq) continue;
    state.seq = event.seq;
    changed = true;
    if (event.type === 'run') foldRun(state, event);
    else if (event.type === 'data') state.data = event.data;
    else if (event.type === 'pace') state.pace = event.iterationsPerSecond ?? null;
    else if (event.type === 'cancel') state.cancelling = true;
    else if (event.type === 'label') Object.assign(state, { name: event.name ?? null, note: event.note ?? null });
    else {
      const variant = state.variants.find((candidate) => candidate.name === event.variant);
      const member = variant?.members[(event.repeat ?? 1) - 1];
      if (!member) continue;
      FOLDS[event.type]?.(state, member, event, variant);
      touched.add(variant);
    }
  }
  touched.forEach(gather);
  return changed;
}

/** The server says the run's status outside its events (all runs' status changes). */
export function adopt(state, run) {
  state.run = run;
  state.name = run.name ?? null;
  state.note = run.note ?? null;
  state.data = run.data ?? state.data;
  state.cancelling ||= Boolean(run.cancelRequestedAt);
  if (!hasEnded(run.status)) {
    state.history = false;
    state.status = run.status;
  }
}

/** The run has ended, but its events do not say so: what the server says stands. */
export function close(state, run) {
  state.status = run.status;
  state.message = run.message ?? null;
  for (const training of run.trainings ?? []) {
    const member = state.variants.find(({ name }) => name === training.variant)?.members[(training.repeat ?? 1) - 1];
    if (member && hasEnded(training.status)) Object.assign(member, { status: training.status, message: training.message ?? null });
  }
  state.variants.forEach(gather);
}

function foldRun(state, event) {
  if (state.history && !hasEnded(event.status)) return;
  state.status = event.status;
  state.message = event.message ?? null;
  const at = Date.parse(event.at);
  if (event.status === 'running') state.startedAt = at || state.startedAt;
  if (hasEnded(event.status)) state.endedAt = at || null;
}

/** What an event of a training does to the member of its variant and repeat. */
const FOLDS = {
  steps(state, member, event, variant) {
    const { iterations, losses } = member;
    const count = event.losses.length;
    for (let k = 0; k < count; k++) {
      const iteration = event.iterations ? event.iterations[k] : event.from + k;
      if (iterations.length > 0 && iteration <= iterations.last) continue;
      const loss = event.losses[k];
      const finite = typeof loss === 'number' && Number.isFinite(loss);
      iterations.push(iteration);
      losses.push(finite ? loss : NaN);
      if (!finite && member.divergedAt === null) member.divergedAt = iteration;
    }
    if (event.at !== undefined) {
      state.sentAt = Math.max(state.sentAt ?? 0, event.at);
      member.marks.iteration.push(event.from + count - 1);
      member.marks.at.push(event.at);
    }
    if (iterations.length > 0 && iterations.last > variant.schedule.total) reckonTotal(state, variant, iterations.last);
  },

  epoch(state, member, event, variant) {
    const { epochs } = member;
    if (epochs.epoch.length > 0 && event.epoch <= epochs.epoch.last) return;
    epochs.epoch.push(event.epoch);
    epochs.iteration.push(event.iteration);
    epochs.trainLoss.push(event.trainLoss ?? NaN);
    epochs.testLoss.push(event.testLoss ?? NaN);
    epochs.testAccuracy.push(event.testAccuracy ?? NaN);
    epochs.trainModeAccuracy.push(event.trainModeTestAccuracy ?? NaN);
    epochs.seconds.push(event.elapsedSeconds ?? NaN);
    epochs.speed.push(event.examplesPerSecond ?? NaN);
    member.seconds = event.elapsedSeconds ?? member.seconds;
    member.speed = averageSpeed(epochs, state.settings.trainingExamples) ?? member.speed;
    reckonEpoch(state, event, variant);
  },

  layers: (state, member, event) => foldLayers(member.lens, event),

  histograms: (state, member, event) => foldHistograms(member.lens, event),

  training(state, member, event) {
    if (state.history && !hasEnded(event.status)) return;
    member.status = event.status;
    member.message = event.message ?? null;
  },
};

/** The server may cut an epoch otherwise than by rounding up; its first epoch event tells. */
function reckonEpoch(state, event, variant) {
  if (event.epoch !== 1 || event.iteration === variant.schedule.perEpoch) return;
  variant.schedule.perEpoch = event.iteration;
  reckonTotal(state, variant, Math.max(event.iteration * state.settings.epochs, ...variant.members.map(lastIteration)));
}

function reckonTotal(state, variant, total) {
  variant.schedule.total = total;
  state.total = mostOf(state.variants);
}

const mostOf = (variants) => Math.max(...variants.map(({ schedule }) => schedule.total));

/** The last iteration of a variant, or of one of its members, that the page holds; 0 before the first. */
export const lastIteration = ({ iterations }) => iterations.last ?? 0;

/** The epoch a training with a schedule is in after an iteration, counted from 1; 0 before its first. */
export const epochInProgress = ({ perEpoch, total }, iteration) => (iteration === 0 ? 0 : Math.floor((Math.min(total, iteration) - 1) / perEpoch) + 1);
