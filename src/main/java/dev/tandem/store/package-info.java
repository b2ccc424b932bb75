/**
 * What outlives the server: {@link dev.tandem.store.StoreVerticle} answers on the bus, {@code
 * RunStore} has the SQL, with {@code EventRows} for what happens in runs, {@code Database} opens
 * SQLite or PostgreSQL and brings its schema up to date. An event is told to the world only after
 * it is durable here.
 */
package dev.tandem.store;
