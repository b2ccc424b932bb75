/**
 * The words that always stand in index.html, by the keys of its data-t… attributes; /words.js puts them there.
 * What is shared with other parts of the page is taken from them.
 */
import { CHART, LABEL, LANE, LIVE, REPLAY } from './page.js';
import { START } from './run.js';
import { FIGURE, REPORT } from './take.js';

export const HTML = {
  'page.skip': 'Skip to the run',
  'page.live': LIVE.connecting,
  'page.main': 'Run',

  'form.title': 'New run',
  'form.intro': START,
  'gallery.title': 'Experiments to try',

  'runs.title': 'Runs',
  'runs.filter': 'Filter',
  'runs.filterLabel': 'Filter runs',
  'runs.order': 'Order of runs',
  'runs.older': 'Show more runs',

  'compare.title': 'Runs compared',
  'compare.accuracyPlot': 'Test accuracy of the compared runs over epochs; the last ones are in the table',
  'compare.lossPlot': 'Smoothed training loss of the compared runs over epochs',
  'compare.settings': 'Settings of the compared runs',

  'label.name': LABEL.name,
  'label.note': LABEL.note,
  'label.save': 'Save',
  'label.cancel': 'Not now',

  'lanes.title': 'Lanes',
  'lanes.epoch': LANE.epoch,
  'lanes.loss': LANE.loss,
  'lanes.accuracy': LANE.accuracy,
  'lanes.accuracyShort': 'Accuracy',
  'lanes.speed': LANE.speed,
  'lanes.speedShort': 'Images/s',
  'run.again': 'Run again with these settings',

  'replay.title': REPLAY.open,
  'replay.play': REPLAY.play,
  'replay.moment': 'Moment of the run',
  'replay.speed': 'Speed',
  'replay.close': REPLAY.close,

  'loss.title': FIGURE.loss,
  'loss.about': 'cross-entropy per example in nats, every iteration',
  'loss.all': 'Show all',
  'loss.log': 'Log scale',
  'loss.band': 'Band',
  'loss.smoothing': 'Smoothing',
  'loss.plot': 'Cursor on training loss',

  'accuracy.title': FIGURE.accuracy,
  'accuracy.about': 'share of test images classified correctly, after every epoch',
  'accuracy.plot': 'Cursor on test accuracy',
  'chart.keys': 'Drag across a chart to look closer; double-click to see all again. Keys: ← → move the cursor, + − zoom, Esc shows all.',

  'findings.title': REPORT.findings,
  'findings.about': 'of what is expected of Batch Normalization',
  'findings.aspect': REPORT.aspect,
  'findings.expected': REPORT.expected,
  'findings.found': REPORT.found,
  'findings.verdict': REPORT.verdict,
  'findings.chart': 'Chart',

  'difference.title': CHART.difference,
  'difference.pair': 'Which two variants',
  'difference.base': 'Horizontal axis',
  'difference.accuracy': 'Test accuracy, in points',
  'difference.accuracyPlot': FIGURE['accuracy-difference'],
  'difference.loss': 'Smoothed training loss, in nats',
  'difference.lossPlot': FIGURE['loss-difference'],
  'difference.lead': 'Lead in test accuracy',
  'difference.reach': 'First test accuracy of at least',
  'difference.step': 'Time of a step',

  'lens.title': 'Inside the layers',
  'lens.about': 'each hidden layer while it learns',
  'lens.show': 'Show',
  'lens.repeat': 'Which repeat',

  'details.title': 'Details',
  'details.epochs': REPORT.results,
  'details.repeats': REPORT.repeats,
  'details.take': 'Pictures, report, commands',
};
