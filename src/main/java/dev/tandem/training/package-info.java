/**
 * Training one variant: from its data to its last event.
 *
 * <p>{@link dev.tandem.training.TrainingVerticle} takes a training from the bus; {@code Admission}
 * lets it begin once there is a place and {@code Memory} for it, {@code Checkpoints} finds where it
 * is to go on, and a {@code TrainingTask} sees to it on a worker thread, with examples from {@link
 * dev.tandem.data.ExampleStore}. {@code Networks} says what a variant is as a DeepLearning4J model;
 * a {@code Trainee} takes its optimizer steps; {@code TrainingLoop} is the story of a training;
 * {@code Reporter} tells it to the coordinator, {@code Keeper} has the store keep checkpoints and
 * the network, and {@code DiskWaits} shows who waits for that.
 *
 * <p>What is kept is a {@code KeptState}: a {@code Checkpoint} of a trainee's own {@code Layout},
 * or a {@code TrainedNetwork}, which is read in either; {@code Downloads} gives it out as a {@code
 * ModelZip}.
 *
 * <p>{@code Compute} is ND4J; a {@code BackendDecision} says on what it runs, and why.
 *
 * <p>{@code FastTrainee} is the step itself: {@code HiddenLayer}s of {@code Dense} and {@code
 * BatchNorm}, {@code Softmax} at the end, and {@code Parameters} that Adam moves. {@code
 * FitTrainee} does the same by DeepLearning4J's {@code fit}.
 *
 * <p>A {@code Lens} looks into the hidden layers in the steps that a {@code LensPlan} names: a
 * {@code LayerLens} each, its {@code Distribution}, and the {@code Motion} of the weights; {@code
 * FitLens} finds the same in a model that DeepLearning4J fits.
 *
 * <p>{@code WarmUp} has all of that compiled before it is first needed.
 */
package dev.tandem.training;
