/**
 * Training one variant: from its data to its last event.
 *
 * <p>{@link dev.tandem.training.TrainingVerticle} takes a training from the bus; {@code Admission}
 * lets it begin once there is a place and {@code Memory} for it, {@code Checkpoints} finds where it
 * is to go on, and a {@code TrainingTask} sees to it on a worker thread, with examples from {@link
 * dev.tandem.data.ExampleStore}. {@code Learners} says what a variant is as a network; a {@code
 * Trainee} is one with the examples that it learns from, and an {@code Evaluation} tests it on the
 * others; {@code TrainingLoop} is the story of a training; {@code Reporter} tells it to the
 * coordinator, {@code StateSaver} has the store keep checkpoints and the network, and {@code
 * DiskWaits} shows who waits for that.
 *
 * <p>What viewers ask of a network, a {@code Predictor} answers, or the {@code Evaluation}: while
 * it is trained by way of {@code Questions}, afterwards of {@code Answers}, which has it {@code
 * Restored}.
 *
 * <p>What is kept is a {@code SavedState}: a {@code Checkpoint} of a network's own {@code Layout},
 * or a {@code TrainedNetwork}, which is read in either; {@code Downloads} gives it out as a file of
 * DeepLearning4J.
 *
 * <p>{@code Compute} knows which layout computes here, and {@code WarmUp} has all of that compiled
 * before it is first needed.
 *
 * <p>Imports {@code run}, {@code data}, {@code nn}, {@code lens} and {@code dl4j}.
 */
package dev.tandem.training;
