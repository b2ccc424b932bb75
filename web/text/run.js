/** How a run stands: its status, its settings, and the sentence under its lanes. */
import { divergedOf } from '../run/member.js';
import { USUAL, variantsOf } from '../run/variants.js';
import { capital, phrase, runTitle, variantLabel } from './names.js';
import { integer, percent, points } from './numbers.js';
import { meanOf, meanText, repeatsText } from './repeats.js';
import { TOLD, VALUE, settingText } from './settings.js';

export const STATUS = {
  idle: 'Ready',
  queued: 'Queued',
  running: 'Running',
  completed: 'Completed',
  cancelled: 'Cancelled',
  diverged: 'Diverged',
  failed: 'Failed',
  interrupted: 'Interrupted',
  deleted: 'Deleted',
  replay: 'Replay',
};

/** A setting's value. */
export function readable(value) {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number' && Number.isInteger(value) && value < 1e9) return integer(value);
  return VALUE[value] ?? String(value);
}

/** A setting of a run; where its variants differ in it, those of all of them. */
function settingOf(field, settings, variants) {
  const [first] = variants;
  const values = first.settings[field] === undefined ? [settings[field]] : variants.map((variant) => variant.settings[field]);
  return settingText(field, ...(differs(field, variants) ? values : [values[0]]));
}

const differs = (field, variants) => variants.some(({ differing }) => differing.includes(field));

/** The settings in which a run departs from the defaults; what its variants differ in, their names say. */
function departures(settings, defaults) {
  const variants = variantsOf(settings);
  const known = { ...USUAL, ...defaults };
  const parts = TOLD.filter((field) => !isNamed(field, variants) && settings[field] !== undefined && (differs(field, variants) || String(settings[field]) !== String(known[field])));
  return parts.length === 0 ? 'Default settings' : capital(parts.map((field) => settingOf(field, settings, variants)).join(', '));
}

/** Do the variants' names tell a setting already? Those that the server gives do, but for a learning rate beside a normalization. */
const isNamed = (field, variants) => differs(field, variants) && (field === 'normalization' || variants.some(({ name, normalization }) => name !== normalization));

/** A run's two headings in a list: first what tells it from the others, then the rest. */
export function headings({ name, settings }, defaults) {
  const words = [departures(settings, defaults), runTitle(settings)];
  if (!isUsual(variantsOf(settings))) words.reverse();
  return name ? [name, words.join(', ')] : words;
}

/** Do the variants differ in BatchNorm alone, as the default ones do? */
const isUsual = (variants) => variants[0].ofBatchNorm && variants[0].normalization === 'none' && variants.every(({ name, normalization, differing }) => name === normalization && differing.length === 1);

/** The settings that matter most, and of the others those that are not the default ones. */
export function summary(settings, defaults = {}) {
  const { repeats = 1, seed } = settings;
  const variants = variantsOf(settings);
  const known = { ...USUAL, momentum: 0.9, hiddenLayers: variants[0].settings.hiddenLayers, ...defined(defaults) };
  const unusual = Object.keys(USUAL).concat('momentum', 'hiddenLayers').filter((field) => !differs(field, variants) && field !== 'network' && String(variants[0].settings[field] ?? known[field]) !== String(known[field]));
  const parts = [...TOLD.filter((field) => unusual.includes(field)), 'epochs', 'batchSize', 'learningRate'].map((field) => settingOf(field, settings, variants));
  return [...parts, repeats === 1 ? settingText('seed', seed) : `${settingText('repeats', repeats)} with seeds ${seed} to ${seed + repeats - 1}`].join(', ');
}

const defined = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** What the browser's tab says. */
export const tabTitle = (title, status) => (title ? `${STATUS[status] ?? status}: ${title} \u2013 Tandem` : 'Tandem');

export const LOSS_TITLE = 'Where the smoothed line of the chart ends';

/** What a start does, for those who have not seen one. */
export const START = 'Start trains two networks on MNIST side by side, one without and one with Batch Normalization.';

export const SAY = {
  noTitle: 'No run yet',
  noRun: `No run yet. ${START}`,
  queued: 'In the queue: training begins when a worker is free. You can close this page; the run goes on.',
  preparing: 'Getting ready: training begins when the data is here.',
  starting: 'Training has begun. The first test accuracy comes at the end of epoch 1.',
  waiting: 'The networks are compared as soon as each has ended epoch 1.',
  gone: 'There is no run at this address: it may have been deleted. Choose another from the list, or start a new one.',
  deleted: 'This run was deleted. Choose another from the list, or start a new one.',
  loadFailed: 'The server did not answer. The page tries again by itself.',
  cancelled: 'Cancelled: the curves up to here are kept. Run it again to see the rest.',
  interrupted: 'Interrupted: the server stopped before the run ended. The curves up to here are kept; run it again to see the rest.',
  labelFailed: 'The name could not be saved. Try again.',
  cancel: 'Cancel run',
  cancelling: 'Cancelling\u2026',
  cancelFailed: 'The run could not be cancelled. Try again.',
  deleteFailed: 'The run could not be deleted. Try again.',
  noRunsListed: 'None yet. Every run you start is kept here.',
  noRunsFound: (total) => (total === 0 ? 'There are no runs yet.' : `${total === 1 ? 'The one run does not have' : `None of ${integer(total)} runs has`} all these words. Clear the filter to see all.`),
  runsFound: (found, total) => `${integer(found)} of ${integer(total)} ${total === 1 ? 'run' : 'runs'}`,
  listFailed: 'The server did not answer. This is the list as it was.',
  unreachable: 'The server cannot be reached. Check that Tandem is running, then press Start again.',
  checkFields: 'Some settings are not accepted. Correct the marked fields, then press Start again.',
  confirmDelete: 'Delete this run and its curves for good?',
};

export function refused(problem) {
  if (problem.offline) return SAY.unreachable;
  return ended(problem.message);
}

const ended = (text) => (/[.!?\u2026]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** The sentence under the lanes: what the run says so far, and what to do next. */
export function verdict(state) {
  if (state.status === 'idle') return SAY.noRun;
  if (state.status === 'queued') return SAY.queued;
  if (state.status === 'failed') {
    const message = state.message ?? state.variants.flatMap(({ members }) => members).find((member) => member.message)?.message;
    const why = message ? ended(message) : 'The server gave no reason.';
    return `Failed: ${why} Run it again; if it fails again, look into the server\u2019s log.`;
  }
  if (state.status === 'cancelled') return `${SAY.cancelled} ${standing(state)}`.trim();
  if (state.status === 'interrupted') return SAY.interrupted;
  const out = diverged(state);
  if (out.length > 0) return `${out.map(divergence).join(' ')} ${standing(state)}`.trim();
  if (state.status === 'running' && state.variants.every(({ losses, message }) => losses.length === 0 && message)) return SAY.preparing;
  const lacks = lacking(state);
  if (lacks) return ended(lacks);
  const first = state.variants.some(({ epochs }) => epochs.epoch.length > 0) ? SAY.waiting : SAY.starting;
  return standing(state) || (state.status === 'running' ? first : '');
}

const lost = (variant) => variant.status === 'diverged' || variant.divergedAt !== null;
const diverged = (state) => state.variants.filter((variant) => divergedOf(variant) > 0);

function divergence(variant) {
  const label = variantLabel(variant);
  if (variant.members.length > 1) return `${label} diverged in ${divergedOf(variant)} of ${variant.members.length} repeats, which the means leave out from there on.`;
  const at = variant.divergedAt === null ? '' : ` at iteration ${integer(variant.divergedAt)}`;
  return `${label} diverged${at}: its loss is no longer a number. A lower learning rate usually helps.`;
}

/** Test accuracies after the last epoch that all variants still in the race have ended. */
function standing(state) {
  const racing = state.variants.filter((variant) => variant.epochs.epoch.length > 0 && !lost(variant));
  if (racing.length === 0 || racing.length + state.variants.filter(lost).length < state.variants.length) return '';
  const epoch = Math.min(...racing.map((variant) => variant.epochs.epoch.last));
  const tests = state.settings.testExamples;
  const results = racing.map((variant) => ({ words: phrase(variant), accuracy: accuracyAt(variant, epoch), of: variant.pools?.epochs.testAccuracy.of(epoch - 1) })).sort((a, b) => b.accuracy - a.accuracy);
  const [first, ...others] = results.map(({ words, accuracy, of }) => ({ words, score: of ? meanText(of, tests) : percent(accuracy, tests) }));
  const after = (epoch === 1 || state.status === 'running' ? `After epoch ${integer(epoch)}` : `After ${integer(epoch)} epochs`) + meanOf(state, results);
  const joint = others.length === 1 ? ' and ' : ', ';
  const scores = [first, ...others].map(({ words, score }) => `${score} ${words}`).join(joint);
  const gap = points(results[0].accuracy - results.at(-1).accuracy, tests);
  const apart = others.length !== 1 ? '' : Number(gap) === 0 ? ': level' : `: ${gap} percentage points apart`;
  return `${after}, test accuracy is ${scores}${apart}.${state.repeats > 1 ? '' : passing(racing)}`;
}

const MILESTONES = [0.99, 0.98, 0.97, 0.95, 0.9, 0.8, 0.5];

/** When each variant first got as far as all of them did. */
function passing(racing) {
  const firsts = (ratio) => racing.map(({ epochs }) => firstReaching(epochs, ratio));
  const ratio = MILESTONES.find((candidate) => firsts(candidate).every((epoch) => epoch !== null));
  if (ratio === undefined) return '';
  const reached = racing.length === 2 ? firsts(ratio) : [null];
  if (reached.every((epoch) => epoch === reached[0])) return '';
  const parts = racing
    .map((variant, index) => ({ words: phrase(variant), epoch: reached[index] }))
    .sort((a, b) => a.epoch - b.epoch)
    .map(({ words, epoch }) => `in epoch ${integer(epoch)} ${words}`);
  return ` ${Math.round(ratio * 100)}% was first reached ${parts.join(', ')}.`;
}

function firstReaching({ epoch, testAccuracy }, ratio) {
  for (let k = 0; k < epoch.length; k++) if (testAccuracy.at(k) >= ratio) return epoch.at(k);
  return null;
}

function accuracyAt({ epochs }, epoch) {
  for (let k = epochs.epoch.length - 1; k >= 0; k--) if (epochs.epoch.at(k) === epoch) return epochs.testAccuracy.at(k);
  return epochs.testAccuracy.last;
}

/** What a run that was begun can't go on without, as the server says it; null if nothing is missing. */
export function lacking(state) {
  const members = state.variants.flatMap((variant) => variant.members);
  if (state.status !== 'running' || members.some(({ status }) => status === 'running')) return null;
  return members.find(({ status, message, iterations }) => status === 'queued' && message && iterations.length > 0)?.message ?? null;
}

/** The words of a lane's status, with the server's message where it has one. */
export function laneStatus(state, variant) {
  const word = STATUS[variant.status] ?? variant.status;
  if (variant.members.length > 1) return repeatsText(variant, word);
  if (variant.status === 'diverged' && variant.divergedAt !== null) return `${word} at iteration ${integer(variant.divergedAt)}`;
  return variant.message ? `${word}: ${variant.message}` : word;
}
