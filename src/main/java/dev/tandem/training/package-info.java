/**
 * Training one variant: from its data to its last event.
 *
 * <p>{@link dev.tandem.training.TrainingVerticle} takes a training from the bus; {@code Admission}
 * lets it begin once there is a place and {@code Memory} for it, {@code Checkpoints} finds where it
 * is to go on, and a {@code TrainingTask} sees to it on a worker thread. {@code Datasets} finds the
 * images, embedded, in a folder or downloaded, and {@code ExampleStore} makes them numbers. {@code
 * Networks} says what a variant is as a DeepLearning4J model; a {@code Trainee} takes its optimizer
 * steps; {@code TrainingLoop} is the story of a training; {@code Reporter} tells it to the
 * coordinator, {@code Keeper} has the store keep checkpoints and the network, and {@code DiskWaits}
 * shows who waits for that.
 *
 * <p>What is kept is a {@code KeptState}: a {@code Checkpoint} of a trainee's own {@code Layout},
 * or a {@code TrainedNetwork}, which is read in either; {@code Downloads} gives it out as a {@code
 * ModelZip}.
 *
 * <p>{@code Compute} is ND4J; a {@code BackendDecision} says on what it runs, and why.
 *
 * <p>{@code FastTrainee} trains a {@link dev.tandem.nn.Network}; {@code FitTrainee} does the same
 * by DeepLearning4J's {@code fit}.
 *
 * <p>A {@code Lens} looks into the hidden layers in the steps that a {@code LensPlan} names: a
 * {@code LayerLens} each, and its {@code Distribution}. {@code NetworkLens} shows it what passes
 * through a network; {@code FitLens} finds the same in a model that DeepLearning4J fits.
 *
 * <p>{@code WarmUp} has all of that compiled before it is first needed.
 */
package dev.tandem.training;
