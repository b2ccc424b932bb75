/**
 * The same networks as DeepLearning4J's models: the second witness, and what computes on CUDA.
 *
 * <p>{@link dev.tandem.dl4j.ComputeBackend} is ND4J, loaded by {@code NativeLibraries}; a {@code
 * BackendDecision} says on what it runs, and why: it asks a {@code GpuProbe} for a {@code Gpu}, and
 * {@code WithoutCuda} hides the CUDA backend where it can't be used.
 *
 * <p>{@link dev.tandem.dl4j.Networks} says what a variant is as a model; {@link
 * dev.tandem.dl4j.FitNetwork} learns by {@code fit}, and a {@code FitLens} looks into it; {@link
 * dev.tandem.dl4j.ModelZip} is a trained network as DeepLearning4J's file.
 *
 * <p>Imports {@code run}, {@code nn} and {@code lens}.
 */
package dev.tandem.dl4j;
