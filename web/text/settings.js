/** Settings in words. */
import { integer } from './numbers.js';

export const VALUE = {
  mnist: 'MNIST',
  'fashion-mnist': 'Fashion-MNIST',
  none: 'None',
  batch: 'Batch Normalization',
  layer: 'Layer Normalization',
  mlp: 'multilayer perceptron',
  relu: 'ReLU',
  gelu: 'GELU',
  adam: 'Adam',
  adamw: 'AdamW',
  sgd: 'SGD',
  momentum: 'SGD with momentum',
  nesterov: 'SGD with Nesterov\u2019s momentum',
  rmsprop: 'RMSprop',
};

const layers = (value) => (value.length > 2 && new Set(value).size === 1 ? `${value.length} layers of ${value[0]}` : `layers ${value.join(', ')}`);

/** What a setting is called before its value in a sentence, and the value there. */
const WORDS = {
  dataset: ['', (value) => VALUE[value] ?? value],
  epochs: ['', (value) => `${integer(value)} ${value === 1 ? 'epoch' : 'epochs'}`],
  batchSize: ['batch size', integer],
  learningRate: ['learning rate', String],
  trainingExamples: ['', (value) => `${integer(value)} examples`],
  testExamples: ['', (value) => `${integer(value)} test examples`],
  hiddenLayers: ['', layers],
  network: ['', (value) => VALUE[value] ?? value],
  activation: ['', (value) => VALUE[value] ?? value],
  normalization: ['', (value) => (value === 'none' ? 'no normalization' : (VALUE[value] ?? value))],
  dropout: ['dropout', String],
  initialScale: ['initial scale', String],
  optimizer: ['', (value) => VALUE[value] ?? value],
  momentum: ['momentum', String],
  weightDecay: ['weight decay', String],
  seed: ['seed', String],
  repeats: ['', (value) => `${integer(value)} repeats`],
};

/** The settings that are told of in words, in order. */
export const TOLD = Object.keys(WORDS);

/** A setting in words, or what it is in each of several variants. */
export function settingText(field, ...values) {
  const [name, format] = WORDS[field];
  return `${name} ${values.map(format).join(' / ')}`.trim();
}
