/**
 * A variant of a run and its members, one for each repeat; both have the same columns and the same facts, so that
 * what reads one can read the other:
 *
 *   iterations, losses        nats, of every iteration
 *   epochs                    { epoch, iteration, trainLoss, testLoss, testAccuracy, trainModeAccuracy, seconds,
 *                             speed }
 *   marks                     { iteration, at }: when a step was over, in milliseconds since 1970, one for each
 *                             `steps` event that says so
 *   lens                      what was seen in its hidden layers (see layers.js); of a member alone
 *   smoothed                  { line }: what the server has smoothed of it (see lines.js); of a member alone
 *   status, message           as the server says them
 *   divergedAt                the iteration whose loss was no number; null if there is none
 *   speed, seconds            images a second on the average of its epochs; seconds of training at the end of the last
 *
 * A variant has besides what variants.js says of it, and its `schedule`: { perEpoch, total, batchSize, examples }.
 *
 * A variant of one repeat shares its member's. Of several, a point of `losses` or of `epochs` is the mean over the
 * members that have come that far and whose value there is a number: never over the same point's fewer or more
 * without saying so, for `pools` holds how many they are and how far they lie apart. `pools` is null for one repeat.
 * The rest is then: `status` that of all together, `divergedAt` only if every member has diverged (the last of
 * them), `speed` of the newest member, `seconds` in all, `marks` of the first.
 */
import { Column } from './columns.js';
import { newLens } from './layers.js';
import { Pool } from './pool.js';

const TESTED = ['iteration', 'trainLoss', 'testLoss', 'testAccuracy', 'trainModeAccuracy', 'seconds', 'speed'];

/** @param training the server's word on it, or undefined */
export function newMember(repeat, training) {
  return {
    repeat,
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
      trainModeAccuracy: new Column(64),
      seconds: new Column(64),
      speed: new Column(64),
    },
    marks: { iteration: new Column(64), at: new Column(64) },
    lens: newLens(),
    smoothed: { line: null },
    speed: training?.examplesPerSecond ?? null,
    seconds: null,
  };
}

/** Images a second over all epochs that have ended; null if that is not known. */
export function averageSpeed({ epoch, seconds }, trainingExamples) {
  return seconds.last > 0 ? (epoch.last * trainingExamples) / seconds.last : null;
}

/** @param variant of variants.js, with its schedule and `stride`: every how many iterations a mean has a point */
export function newVariant({ name, index, settings, normalization, differing, ofBatchNorm, schedule, stride }, members) {
  const variant = { name, index, settings, normalization, differing, ofBatchNorm, schedule, members, stride, pools: null };
  const [only] = members;
  if (members.length === 1) Object.assign(variant, { iterations: only.iterations, losses: only.losses, epochs: only.epochs, marks: only.marks });
  else pool(variant);
  gather(variant);
  return variant;
}

function pool(variant) {
  const { members, stride } = variant;
  const losses = new Pool(members.map((member) => ({ iterations: member.iterations, values: member.losses })), stride);
  const tested = (name) => new Pool(members.map(({ epochs }) => ({ iterations: epochs.epoch, values: epochs[name] })));
  const epochs = Object.fromEntries(TESTED.map((name) => [name, tested(name)]));
  const means = Object.fromEntries(TESTED.map((name) => [name, epochs[name].mean]));
  Object.assign(variant, {
    pools: { losses, epochs },
    iterations: losses.iterations,
    losses: losses.mean,
    epochs: { epoch: epochs.testAccuracy.iterations, ...means },
    marks: members[0].marks,
  });
}

/** Brings a variant up to date with its members. */
export function gather(variant) {
  const { members, pools } = variant;
  if (members.length === 1) {
    const [{ status, message, divergedAt, speed, seconds }] = members;
    Object.assign(variant, { status, message, divergedAt, speed, seconds });
    return;
  }
  pools.losses.update();
  for (const of of Object.values(pools.epochs)) of.update();
  const status = statusOf(members.map((member) => member.status));
  const timed = members.filter(({ seconds }) => seconds !== null);
  Object.assign(variant, {
    status,
    message: members.findLast((member) => member.status === status && member.message)?.message ?? null,
    divergedAt: members.some((member) => member.divergedAt === null) ? null : Math.max(...members.map((member) => member.divergedAt)),
    speed: members.findLast(({ speed }) => speed !== null)?.speed ?? null,
    seconds: timed.length === 0 ? null : timed.reduce((sum, { seconds }) => sum + seconds, 0),
  });
}

/** The members hold less than before, as when a replay goes back: all is gathered anew. */
export function regather(variant) {
  if (variant.pools) for (const of of [variant.pools.losses, ...Object.values(variant.pools.epochs)]) of.clear();
  gather(variant);
}

/** The worst end first; that some have diverged beside others that have not is told by their members. */
const WEIGHTIEST = ['running', 'failed', 'interrupted', 'cancelled', 'completed', 'diverged'];

function statusOf(statuses) {
  if (statuses.every((status) => status === statuses[0])) return statuses[0];
  if (statuses.includes('queued')) return 'running';
  return WEIGHTIEST.find((status) => statuses.includes(status)) ?? statuses[0];
}

/** How many members of a variant have lost their loss. */
export const divergedOf = ({ members }) => members.filter(({ status, divergedAt }) => status === 'diverged' || divergedAt !== null).length;
