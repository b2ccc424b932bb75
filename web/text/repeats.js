/** The words of repeats: means, how far they are apart, and how many they are of. */
import { divergedOf } from '../run/member.js';
import { margin95 } from '../run/stats.js';
import { variantLabel } from './names.js';
import { integer, percent, points } from './numbers.js';

export const BAND = {
  range: 'Lowest to highest',
  sd: '\u00b1 1 standard deviation',
  interval: '95% interval of the mean',
  /** What a picture of repeats shows. */
  of: (repeats, band) => `mean of ${repeats} repeats and ${BAND[band].charAt(0).toLowerCase()}${BAND[band].slice(1)}`,
};

export const REPEATS = {
  repeat: 'Repeat',
  seed: 'Seed',
  status: 'status',
  accuracy: 'last test accuracy',
  difference: ([first, second]) => `${second} \u2212 ${first}, points`,
  mean: 'Mean \u00b1 standard deviation',
  caption: 'Results of each repeat',
};

export const PAIRS = 'mean over pairs of repeats, with its 95% interval';

/** How far repeats lie apart, as their band shows it; nothing for fewer than two. */
export function spreadText(band, { n, sd, low, high }, format, unit = '') {
  if (n < 2) return '';
  if (band === 'range') return `${format(low)}\u2013${format(high)}${unit}`;
  return `\u00b1 ${format(band === 'sd' ? sd : margin95(n, sd))}`;
}

/** Of how many repeats the means are, behind the place where they were taken. */
export const countText = (counts) => (new Set(counts).size === 1 ? `, n = ${counts[0]}` : `, n = ${counts.join('/')}`);

/** Where a variant's loss stopped being a number. */
export function divergedText(variant) {
  const { members } = variant;
  if (members.length > 1) return `${variantLabel(variant)}: ${divergedOf(variant)} of ${members.length} diverged`;
  return variant.divergedAt === null ? '' : `${variantLabel(variant)}: diverged at iteration ${integer(variant.divergedAt)}`;
}

export const MEAN_TITLE = 'Mean over the repeats \u00b1 standard deviation, in percentage points';

export const marginText = ({ sd }, testExamples) => ` \u00b1 ${points(sd, testExamples)}`;

/** A mean accuracy and its standard deviation over repeats. */
export function meanText({ n, mean, sd }, testExamples) {
  return n < 2 ? percent(mean, testExamples) : `${percent(mean, testExamples)} \u00b1 ${points(sd, testExamples)}`;
}

/** Over how many repeats a sentence's means are. */
export function meanOf({ repeats }, results) {
  if (repeats === 1) return '';
  const counts = results.map(({ of }) => of.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most < 2) return ` in one repeat of ${repeats}`;
  const many = least < most ? `${least} to ${most} of ${repeats}` : most === repeats ? `all ${repeats}` : `${most} of ${repeats}`;
  return `, mean of ${many} repeats \u00b1 standard deviation`;
}

/** The words of a lane's status over all repeats. */
export function repeatsText({ status, members }, words) {
  const of = (what) => members.filter((member) => member.status === what);
  const all = members.length;
  const lost = divergedOf({ members });
  const diverged = lost > 0 && status !== 'diverged' ? [`${lost} diverged`] : [];
  if (status === 'running') {
    const running = of('running').map(({ repeat }) => repeat);
    const next = members.find((member) => member.status === 'queued')?.repeat ?? all;
    const place = running.length === 0 ? `Waiting for repeat ${next} of ${all}` : `${running.length === 1 ? 'Repeat' : 'Repeats'} ${running.join(', ')} of ${all}`;
    return [place, ...diverged].join(', ');
  }
  if (status === 'queued' || status === 'idle') return `${words}: ${all} repeats`;
  if (status === 'completed' && lost === 0) return `${words}: ${all} repeats`;
  if (status === 'diverged') return `${words}: ${lost} of ${all} repeats`;
  const done = status === 'completed' ? '' : ' completed';
  return [`${words}: ${of('completed').length} of ${all} repeats${done}`, ...diverged].join(', ');
}

/** One repeat, for those who point at its part of the track. */
export const repeatText = ({ repeat, status, divergedAt }, word) => `Repeat ${repeat}: ${word.toLowerCase()}${divergedAt === null ? '' : ` at iteration ${integer(divergedAt)}`}`;

/** What the track of repeats shows, for those who do not see it. */
export function trackText({ members }, iterations, total) {
  const ended = members.filter(({ status }) => !['queued', 'running', 'idle'].includes(status)).length;
  return `${ended} of ${members.length} repeats ended, ${integer(iterations)} of ${integer(total)} iterations in all`;
}
