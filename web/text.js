/**
 * Every English word of the page: those that its code says in these modules, those that always stand there in
 * text-html.js. None of them imports this one.
 *
 * To translate the page: translate them, the first lines and the last sentence of index.html, and the names of
 * settings in the server's run-request.schema.json; say so in index.html's `lang`, and give numbers.js the language's
 * name in place of 'en'. Words with numbers in them are functions, so that each language may put them in its own
 * order and number. What a server answers (errors, messages) is in English.
 */
export * from './text-findings.js';
export * from './text-learn.js';
export * from './text-lens.js';
export * from './text-names.js';
export * from './text-page.js';
export * from './text-repeats.js';
export * from './text-run.js';
export * from './text-server.js';
export * from './text-take.js';
export * from './text-think.js';
