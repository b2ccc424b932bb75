/**
 * The vocabulary that everyone shares.
 *
 * <p>{@link dev.tandem.run.RunSettings} says what a run is to do. {@link dev.tandem.run.RunEvent}s
 * say what happens; numbered, they are the truth of a run, and {@link dev.tandem.run.Run} is their
 * fold. {@link dev.tandem.run.BusMessage} and {@link dev.tandem.run.Addresses} are all that goes
 * over the event bus; {@link dev.tandem.run.Runs} is how one asks things of the coordinator there.
 *
 * <p>Imports no sibling.
 */
package dev.tandem.run;
