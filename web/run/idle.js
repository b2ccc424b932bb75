/** What stands in the place of a run when there is none: its lanes and axes, empty. */
import { newState } from './state.js';
import { variantsOf } from './variants.js';

const FALLBACK = { epochs: 10, batchSize: 60, trainingExamples: 5000, testExamples: 1000, variants: [{ normalization: 'none' }, { normalization: 'batch' }] };

export const defaultsOf = (schema) =>
  Object.fromEntries(Object.entries(schema?.properties ?? {}).map(([name, property]) => [name, property.default]));

export function idleState(schema) {
  const settings = { ...FALLBACK, ...defaultsOf(schema) };
  const trainings = variantsOf(settings).map(({ name }) => ({ variant: name, status: 'idle' }));
  return newState({ id: null, status: 'idle', settings, trainings });
}
