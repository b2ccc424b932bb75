/**
 * The vocabulary that everyone shares, and the coordinator.
 *
 * <p>{@link dev.tandem.run.RunSettings} says what a run is to do. {@link dev.tandem.run.RunEvent}s
 * say what happens; numbered, they are the truth of a run, and {@link dev.tandem.run.Run} is their
 * fold. {@link dev.tandem.run.RunCoordinator} answers; {@code Submissions} takes runs and queues
 * them, or refuses them for good; {@code Lives} has them trained, numbers their events and ends
 * them; {@link dev.tandem.run.Runs} asks things of it. {@link dev.tandem.run.BusMessage} and {@link
 * dev.tandem.run.Addresses} are all that goes over the event bus.
 *
 * <p>Imports no sibling.
 */
package dev.tandem.run;
