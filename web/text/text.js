/**
 * Every English word of the page: those that its code says in these modules, those that always stand there in
 * html.js. None of them imports this one.
 *
 * To translate the page: translate them, the first lines and the last sentence of index.html, and the names of
 * settings in the server's run-request.schema.json; say so in index.html's `lang`, and give numbers.js the language's
 * name in place of 'en'. Words with numbers in them are functions, so that each language may put them in its own
 * order and number. What a server answers (errors, messages) is in English.
 */
export * from './data.js';
export * from './findings.js';
export * from './learn.js';
export * from './lens.js';
export * from './names.js';
export * from './page.js';
export * from './repeats.js';
export * from './run.js';
export * from './server.js';
export * from './settings.js';
export * from './take.js';
export * from './think.js';
