/**
 * Takes runs, has them trained, numbers what happens in them, and ends them.
 *
 * <p>{@link dev.tandem.coordinator.RunCoordinator} answers; {@code Submissions} takes runs and
 * queues them, or refuses them for good; {@code RunLifecycle} sees to each {@code OpenRun} from its
 * start to its end; {@code Labels} gives names and notes; the {@code Outbox} has every event made
 * durable by the store before it is published. All of it lives on one event loop.
 */
package dev.tandem.coordinator;
