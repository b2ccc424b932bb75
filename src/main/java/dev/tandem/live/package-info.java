/**
 * What browsers follow: each run's event log in memory, and each client's cursor in it.
 *
 * <p>{@link dev.tandem.live.Live} hears all events and owns a {@link dev.tandem.live.LiveRun} for
 * each run that is going on or was asked for; a {@code Loading} reads from the store what the bus
 * has not told. A {@code RunLog} keeps one run's events, with a {@code Track} for each training. An
 * {@code EventReader} goes through it, for a {@code Broadcast}, which sends what is new to the
 * clients a {@code Frame} at a time, for the {@code History} of a client that comes late, and for
 * {@link dev.tandem.live.Pieces}: all that is long, as JSON or CSV, made off the event loop.
 */
package dev.tandem.live;
