/**
 * What browsers follow: each run's event log in memory, and each client's cursor in it.
 *
 * <p>{@link dev.tandem.live.Live} hears all events and owns a {@link dev.tandem.live.LiveRun} for
 * each run that is going on or was asked for. Its {@code RunLog} keeps one run's events, its {@code
 * Losses} as plain numbers; a {@code Broadcast} sends it to the clients, a {@code Frame} at a time.
 * {@link dev.tandem.live.Curves} is the log as CSV.
 */
package dev.tandem.live;
