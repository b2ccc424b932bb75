/**
 * Everything the page knows of one run: a fold over its events. No DOM, no clock, no network.
 *
 * `fold` takes events in any framing, ignores those it has seen (by `seq`, and steps by iteration),
 * and appends into growing columns, so folding a whole history once or in pieces gives the same state.
 */
import { Column } from './columns.js';

const ENDED = new Set(['completed', 'cancelled', 'failed', 'interrupted', 'diverged']);

export const hasEnded = (status) => ENDED.has(status);

/** The state before the first event; `run` is a run as the server answers it. */
export function newState(run) {
  const { settings, trainings = [] } = run;
  const perEpoch = Math.max(1, Math.ceil(settings.trainingExamples / settings.batchSize));
  return {
    run,
    id: run.id,
    settings,
    seq: 0,
    status: run.status,
    message: run.message ?? null,
    perEpoch,
    total: perEpoch * settings.epochs,
    // The run had ended before the page asked: what comes now is its history, not its present.
    history: hasEnded(run.status),
    sentAt: null,
    startedAt: Date.parse(run.startedAt) || null,
    endedAt: null,
    variants: settings.variants.map((variant, index) =>
      newVariant(variant, index, trainings.find((training) => training.variant === nameOf(variant))),
    ),
  };
}

const nameOf = (variant) => variant.name ?? variant.normalization;

function newVariant(variant, index, training) {
  return {
    name: nameOf(variant),
    normalization: variant.normalization,
    index,
    status: training?.status ?? 'queued',
    message: training?.message ?? null,
    iterations: new Column(),
    losses: new Column(),
    divergedAt: null,
    epochs: {
      epoch: new Column(64),
      iteration: new Column(64),
      trainLoss: new Column(64),
      testLoss: new Column(64),
      testAccuracy: new Column(64),
      seconds: new Column(64),
      speed: new Column(64),
    },
    // When a step was over, in milliseconds since 1970: one mark for each `steps` event that says so.
    marks: { iteration: new Column(64), at: new Column(64) },
    speed: training?.examplesPerSecond ?? null,
    seconds: null,
  };
}

/** Folds events into `state`; answers whether anything was new. */
export function fold(state, events) {
  let changed = false;
  for (const event of events) {
    if (event.seq <= state.seq) continue;
    state.seq = event.seq;
    changed = true;
    if (event.type === 'run') foldRun(state, event);
    else if ((event.repeat ?? 1) === 1) {
      const variant = state.variants.find((candidate) => candidate.name === event.variant);
      if (variant) FOLDS[event.type]?.(state, variant, event);
    }
  }
  return changed;
}

/** The server says the run's status outside its events (all runs' status changes). */
export function adopt(state, run) {
  state.run = run;
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
    const variant = state.variants.find(({ name }) => name === training.variant);
    if (variant && hasEnded(training.status)) Object.assign(variant, { status: training.status, message: training.message ?? null });
  }
}

function foldRun(state, event) {
  if (state.history && !hasEnded(event.status)) return;
  state.status = event.status;
  state.message = event.message ?? null;
  const at = Date.parse(event.at);
  if (event.status === 'running') state.startedAt = at || state.startedAt;
  if (hasEnded(event.status)) state.endedAt = at || null;
}

const FOLDS = {
  steps(state, variant, event) {
    const { iterations, losses } = variant;
    const count = event.losses.length;
    for (let k = 0; k < count; k++) {
      const iteration = event.iterations ? event.iterations[k] : event.from + k;
      if (iterations.length > 0 && iteration <= iterations.last) continue;
      const loss = event.losses[k];
      const finite = typeof loss === 'number' && Number.isFinite(loss);
      iterations.push(iteration);
      losses.push(finite ? loss : NaN);
      if (!finite && variant.divergedAt === null) variant.divergedAt = iteration;
    }
    if (event.at !== undefined) {
      state.sentAt = event.at;
      variant.marks.iteration.push(event.from + count - 1);
      variant.marks.at.push(event.at);
    }
    if (iterations.length > 0 && iterations.last > state.total) state.total = iterations.last;
  },

  epoch(state, variant, event) {
    const { epochs } = variant;
    if (epochs.epoch.length > 0 && event.epoch <= epochs.epoch.last) return;
    epochs.epoch.push(event.epoch);
    epochs.iteration.push(event.iteration);
    epochs.trainLoss.push(event.trainLoss ?? NaN);
    epochs.testLoss.push(event.testLoss ?? NaN);
    epochs.testAccuracy.push(event.testAccuracy ?? NaN);
    epochs.seconds.push(event.elapsedSeconds ?? NaN);
    epochs.speed.push(event.examplesPerSecond ?? NaN);
    variant.speed = event.examplesPerSecond ?? variant.speed;
    variant.seconds = event.elapsedSeconds ?? variant.seconds;
    reckonEpoch(state, event);
  },

  training(state, variant, event) {
    if (state.history && !hasEnded(event.status)) return;
    variant.status = event.status;
    variant.message = event.message ?? null;
  },
};

/** The server may cut an epoch otherwise than by rounding up; its first epoch event tells. */
function reckonEpoch(state, event) {
  if (event.epoch !== 1 || event.iteration === state.perEpoch) return;
  state.perEpoch = event.iteration;
  state.total = Math.max(event.iteration * state.settings.epochs, ...state.variants.map((v) => v.iterations.last ?? 0));
}

/** The last iteration of a variant that the page holds, 0 before the first. */
export const lastIteration = (variant) => variant.iterations.last ?? 0;

/** The epoch a variant is in, counted from 1; 0 before its first iteration. */
export function epochInProgress(state, variant) {
  const iteration = lastIteration(variant);
  return iteration === 0 ? 0 : Math.min(state.settings.epochs, Math.floor((iteration - 1) / state.perEpoch) + 1);
}
