/**
 * One lane for each variant: how far it is on its track, and its numbers. The track of several repeats has a piece
 * for each; epoch and speed are then those of the repeat in training, loss and accuracy means.
 */
import { el, setAttr, setText } from '../page/dom.js';
import { swatch } from '../page/swatch.js';
import { epochInProgress, lastIteration } from '../run/state.js';
import * as numbers from '../text/numbers.js';
import { LANE, LOSS_TITLE, MEAN_TITLE, STATUS, laneStatus, marginText, repeatText, trackText, variantLabel } from '../text/text.js';

const MOST_TICKS = 60;

export class Lanes {
  constructor(host) {
    this.host = host;
    this.lanes = [];
  }

  show(state, inks) {
    this.lanes = state.variants.map((variant, index) => newLane(variant, inks[index], state.settings.epochs));
    this.host.replaceChildren(...this.lanes.map((lane) => lane.root));
  }

  /** @param latestLoss index → the loss at the end of that variant's line in the chart */
  draw(state, latestLoss) {
    state.variants.forEach((variant, index) => drawLane(this.lanes[index], state, variant, latestLoss(index)));
  }
}

function newLane(variant, ink, epochs) {
  const label = variantLabel(variant);
  const status = el('p', { class: 'lane-status', 'data-testid': 'lane-status' });
  const cell = (key, heading, width, unitText, title) => {
    const value = el('b');
    value.style.minWidth = `${width}ch`;
    const unit = el('span', { class: 'unit', text: unitText });
    const root = el('p', { class: `number ${key}` }, el('span', { class: 'unseen', text: `${heading}: ` }), el('span', { 'data-testid': `lane-${key}`, title }, value, unit));
    return { root, value, unit };
  };
  const cells = {
    epoch: cell('epoch', LANE.epoch, numbers.integer(epochs).length, LANE.ofEpochs(numbers.integer(epochs))),
    loss: cell('loss', LANE.loss, 5, LANE.nats, LOSS_TITLE),
    accuracy: cell('accuracy', LANE.accuracy, 5, '', variant.members.length > 1 ? MEAN_TITLE : null),
    speed: cell('speed', LANE.speed, 6, LANE.imagesPerSecond),
  };
  const repeats = variant.members.length;
  const bars = variant.members.map(() => el('i', { class: 'bar' }));
  const pieces = bars.map((bar) => el('i', { class: 'piece' }, bar));
  const ticks = el('i', { class: 'ticks' });
  const parts = repeats > 1 ? repeats : epochs;
  if (parts <= MOST_TICKS) ticks.style.backgroundSize = `${100 / parts}% 100%`;
  else ticks.hidden = true;
  const track = el('div', { class: 'track', role: 'progressbar', 'aria-label': LANE.track(label), 'aria-valuemin': 0 }, ...pieces, ticks);
  const time = el('p', { class: 'time' });
  const root = el(
    'article',
    { class: `lane ${ink}`, 'data-testid': `lane-${variant.name}`, 'aria-label': label },
    el('div', { class: 'who' }, swatch(ink, 28), el('h3', { text: label }), status),
    ...Object.values(cells).map((entry) => entry.root),
    track,
    time,
  );
  return { root, status, cells, bars, pieces, track, time };
}

function drawLane(lane, state, variant, loss) {
  const { cells } = lane;
  const { settings } = state;
  const { members, pools, schedule } = variant;
  const { total } = schedule;
  const done = members.map((member) => Math.min(total, lastIteration(member)));
  const words = laneStatus(state, variant);
  const current = members.findLast(({ status }) => status === 'running') ?? members[done.indexOf(Math.max(...done))];
  setText(lane.status, words);
  setAttr(lane.status, 'title', variant.message ?? words);
  setAttr(lane.root, 'data-status', variant.status);
  set(cells.epoch, numbers.integer(epochInProgress(schedule, lastIteration(current))));
  set(cells.loss, numbers.loss(loss));
  const accuracy = pools?.epochs.testAccuracy;
  const last = accuracy && accuracy.length > 0 ? accuracy.of(accuracy.length - 1) : { n: 0 };
  set(cells.accuracy, numbers.percent(variant.epochs.testAccuracy.last, settings.testExamples));
  if (pools) setText(cells.accuracy.unit, last.n < 2 ? '' : marginText(last, settings.testExamples));
  set(cells.speed, numbers.speed(variant.speed));
  setText(lane.time, variant.seconds === null ? '' : numbers.seconds(variant.seconds));
  done.forEach((iteration, k) => {
    lane.bars[k].style.transform = `scaleX(${(iteration / total).toFixed(4)})`;
    if (!pools) return;
    setAttr(lane.pieces[k], 'data-status', members[k].status);
    setAttr(lane.pieces[k], 'title', repeatText(members[k], STATUS[members[k].status] ?? members[k].status));
  });
  const sum = done.reduce((all, iteration) => all + iteration, 0);
  setAttr(lane.track, 'aria-valuemax', total * members.length);
  setAttr(lane.track, 'aria-valuenow', sum);
  if (pools) setAttr(lane.track, 'aria-valuetext', trackText(variant, sum, total * members.length));
}

/** Before there is a value its unit keeps its place, unseen. */
function set(cell, value) {
  setText(cell.value, value);
  cell.unit.classList.toggle('off', value === numbers.NONE);
}
