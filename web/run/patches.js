/**
 * Variants as a request says them: a name, perhaps, and the settings in place of the run's. What each comes to, what
 * plays a part in it, what it will be called, and which could be next. No DOM.
 */

/** What variants can differ in, in the order in which the server tells it. */
const FIELDS = ['network', 'hiddenLayers', 'activation', 'normalization', 'dropout', 'initialScale', 'optimizer', 'learningRate', 'momentum', 'weightDecay', 'batchSize'];

/** All settings of a variant: the run's, with its own in their place. */
export function resolve(run, { name, ...patch }) {
  return { ...run, ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined && value !== null)) };
}

/** Does a field of this schema make a difference beside these settings? */
export const applies = (property, settings) =>
  // The server's validator leaves keys of its own in the schema.
  Object.entries(property?.['x-applies'] ?? {}).every(([field, values]) => !Array.isArray(values) || values.includes(settings[field]));

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The settings that make a difference. */
const effective = (properties, settings) => JSON.stringify(FIELDS.map((field) => (applies(properties[field], settings) ? settings[field] : null)));

/** The fields in which some of these settings differ. */
const differing = (all) => FIELDS.filter((field) => new Set(all.map((settings) => JSON.stringify(settings[field]))).size > 1);

// ---- names ----------------------------------------------------------------------------------------

const LONGEST = 40;
const USUAL = LONGEST - 3;
const MOST_NAMED = 2;
const TITLE = { relu: 'ReLU', gelu: 'GELU', adam: 'Adam', adamw: 'AdamW', sgd: 'SGD', nesterov: 'Nesterov', rmsprop: 'RMSprop' };
const plain = (value) => (typeof value === 'number' ? value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 }) : String(value));
const titled = (value) => TITLE[value] ?? value;
const WORDS = {
  activation: titled,
  optimizer: titled,
  dropout: (value) => `dropout ${plain(value)}`,
  initialScale: (value) => `scale ${plain(value)}`,
  momentum: (value) => `momentum ${plain(value)}`,
  weightDecay: (value) => `decay ${plain(value)}`,
  batchSize: (value) => `batches of ${value}`,
  learningRate: plain,
  hiddenLayers: (value) => [value].flat().join('-'),
};

/** What the server calls each variant that has no name of its own: what it differs in. */
export function namesOf(properties, run, variants) {
  const all = variants.map((variant) => resolve(run, variant));
  const fields = differing(all);
  const said = variants.map(({ name, ...patch }) => Object.keys(patch).filter((field) => patch[field] !== undefined));
  const words = (index, among) =>
    among
      .filter((field) => applies(properties[field], all[index]))
      .map((field) => (WORDS[field] ?? String)(all[index][field]))
      .join(', ');
  const simple = said.every((own) => own.includes('normalization') && own.every((field) => ['normalization', 'learningRate'].includes(field)));
  const usual = variants.map(({ name }, index) => name ?? all[index].normalization);
  const byNormalization = simple && new Set(usual).size === usual.length;
  const named = (index) => {
    if (byNormalization) return all[index].normalization;
    const own = words(index, fields.filter((field) => said[index].includes(field)));
    if (own) return own;
    return fields.length > MOST_NAMED ? 'baseline' : words(index, fields) || all[index].normalization;
  };
  const taken = new Set(variants.map(({ name }) => name).filter(Boolean));
  return variants.map(({ name }, index) => name ?? unique(named(index), taken));
}

function unique(name, taken) {
  const cut = name.length <= LONGEST ? name : `${name.slice(0, USUAL - 1)}\u2026`;
  let found = cut;
  for (let number = 2; taken.has(found); number++) found = `${cut.slice(0, USUAL)} ${number}`;
  taken.add(found);
  return found;
}

/** Variants without the names that they would have anyway, so that these follow what is changed. */
export function withoutGivenNames(properties, run, variants) {
  const bare = variants.map(({ name, ...patch }) => patch);
  const given = namesOf(properties, run, bare);
  return variants.map(({ name, ...patch }, index) => (name === undefined || name === given[index] || name === patch.normalization ? patch : { name, ...patch }));
}

// ---- what could be next ---------------------------------------------------------------------------

/** A learning rate that each optimizer trains well with. */
const RATES = { adam: 0.001, adamw: 0.001, sgd: 0.1, momentum: 0.01, nesterov: 0.01, rmsprop: 0.001 };

const round = (value) => Number(value.toPrecision(6));
const tenfold = (values) => [round(Math.max(...values) * 10), round(Math.min(...values) / 10)];
const ORDER = {
  normalization: ['none', 'batch', 'layer'],
  activation: ['relu', 'tanh', 'gelu', 'sigmoid'],
  optimizer: ['adam', 'sgd', 'momentum', 'rmsprop', 'adamw', 'nesterov'],
  dropout: [0, 0.2, 0.5, 0.1, 0.3],
  momentum: [0.9, 0.99, 0.5],
  weightDecay: [0, 0.0001, 0.001, 0.01],
};
const STEPS = {
  learningRate: tenfold,
  initialScale: tenfold,
  batchSize: (values, { trainingExamples }) => [Math.max(...values) * 2, Math.floor(Math.min(...values) / 2)].filter((size) => size <= trainingExamples),
  // Smaller ones: no network becomes too large.
  hiddenLayers: (values) => [values.at(-1).map((units) => Math.max(1, Math.floor(units / 2)))],
};

/** Values of a field beside those that there are, the best to try first. */
export function nextValues(field, properties, used, settings) {
  const property = properties[field];
  const wanted = STEPS[field]?.(used, settings) ?? ORDER[field] ?? property.enum ?? [];
  const among = property.enum ? [...wanted.filter((value) => property.enum.includes(value)), ...property.enum.filter((value) => !wanted.includes(value))] : wanted;
  return among.filter((value) => !used.some((other) => same(other, value)) && isWithin(property, value));
}

function isWithin(property, value) {
  if (typeof value !== 'number') return true;
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = property;
  return value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;
}

/** Would the server train it? Batch Normalization has nothing to normalize a batch of one by. */
const isPossible = ({ normalization, batchSize, trainingExamples }) =>
  normalization !== 'batch' || (batchSize > 1 && trainingExamples > 1 && trainingExamples % batchSize !== 1);

/** The order in which fields are tried in which nothing differs yet. */
const TRIED = ['normalization', 'activation', 'optimizer', 'learningRate', 'initialScale', 'dropout', 'batchSize', 'weightDecay', 'hiddenLayers'];

/**
 * A variant that isn't there yet: it goes on with what differs already, or else differs in something new.
 *
 * @param properties the schemas of what a variant may change
 * @param run all settings of the run
 */
export function nextVariant(properties, run, variants) {
  const all = variants.map((variant) => resolve(run, variant));
  const fields = differing(all);
  const { name, ...last } = variants.at(-1) ?? {};
  const there = new Set(all.map((settings) => effective(properties, settings)));
  // What was chosen goes before what comes with it, as a learning rate does with an optimizer.
  const going = [...TRIED.filter((field) => fields.includes(field)), ...fields.filter((field) => !TRIED.includes(field))];
  const tries = [...going.map((field) => [field, last]), ...TRIED.map((field) => [field, {}])];
  for (const [field, patch] of tries) {
    if (!properties[field]) continue;
    const used = [run[field], ...all.map((settings) => settings[field])];
    for (const value of nextValues(field, properties, fields.includes(field) ? used.slice(1) : used, run)) {
      const next = fitting(properties, run, { ...patch, [field]: value }, field);
      const settings = resolve(run, next);
      if (isPossible(settings) && !there.has(effective(properties, settings))) return next;
    }
  }
  return {};
}

/** A changed variant without what no longer plays a part; another optimizer comes with a learning rate that suits it. */
function fitting(properties, run, patch, changed) {
  const next = { ...patch };
  if (changed === 'optimizer' && RATES[next.optimizer] !== undefined) next.learningRate = RATES[next.optimizer];
  for (const field of Object.keys(next)) {
    if (!applies(properties[field], resolve(run, next)) || (field !== changed && same(next[field], run[field]))) delete next[field];
  }
  return next;
}
