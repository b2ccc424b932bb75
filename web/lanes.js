/** One lane for each variant: how far it is on its track, and its numbers. */
import { el, setAttr, setText } from './dom.js';
import * as numbers from './numbers.js';
import { epochInProgress, lastIteration } from './state.js';
import { swatch } from './swatch.js';
import { LOSS_TITLE, laneStatus, variantLabel } from './text.js';

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
    epoch: cell('epoch', 'Epoch', numbers.integer(epochs).length, ` of ${numbers.integer(epochs)}`),
    loss: cell('loss', 'Training loss', 5, ' nats', LOSS_TITLE),
    accuracy: cell('accuracy', 'Test accuracy', 5, ''),
    speed: cell('speed', 'Speed', 6, ' images/s'),
  };
  const bar = el('i', { class: 'bar' });
  const ticks = el('i', { class: 'ticks' });
  if (epochs <= MOST_TICKS) ticks.style.backgroundSize = `${100 / epochs}% 100%`;
  else ticks.hidden = true;
  const track = el('div', { class: 'track', role: 'progressbar', 'aria-label': `${label}, iterations done`, 'aria-valuemin': 0 }, bar, ticks);
  const time = el('p', { class: 'time' });
  const root = el(
    'article',
    { class: `lane ${ink}`, 'data-testid': `lane-${variant.name}`, 'aria-label': label },
    el('div', { class: 'who' }, swatch(ink, 28), el('h3', { text: label }), status),
    ...Object.values(cells).map((entry) => entry.root),
    track,
    time,
  );
  return { root, status, cells, bar, track, time };
}

function drawLane(lane, state, variant, loss) {
  const { cells } = lane;
  const { settings, total } = state;
  const iteration = lastIteration(variant);
  const share = Math.min(1, iteration / total);
  const words = laneStatus(state, variant);
  setText(lane.status, words);
  setAttr(lane.status, 'title', variant.message ?? words);
  setAttr(lane.root, 'data-status', variant.status);
  set(cells.epoch, numbers.integer(epochInProgress(state, variant)));
  set(cells.loss, numbers.loss(loss));
  set(cells.accuracy, numbers.percent(variant.epochs.testAccuracy.last, settings.testExamples));
  set(cells.speed, numbers.speed(variant.speed));
  setText(lane.time, variant.seconds === null ? '' : numbers.seconds(variant.seconds));
  lane.bar.style.transform = `scaleX(${share.toFixed(4)})`;
  setAttr(lane.track, 'aria-valuemax', total);
  setAttr(lane.track, 'aria-valuenow', iteration);
}

/** Before there is a value its unit keeps its place, unseen. */
function set(cell, value) {
  setText(cell.value, value);
  cell.unit.classList.toggle('off', value === numbers.NONE);
}
