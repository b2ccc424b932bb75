/**
 * Looking into a network's hidden layers while it learns.
 *
 * <p>A {@link dev.tandem.lens.Learner} is a network that can be looked into: {@link
 * dev.tandem.lens.WatchedNetwork} is one of {@code nn}, and {@code dl4j} has another. It shows a
 * {@link dev.tandem.lens.Lens} what passes through it in the steps that a {@link
 * dev.tandem.lens.LensPlan} names: the lens has a {@link dev.tandem.lens.LayerLens} for each hidden
 * layer, and that counts in a {@code Distribution}. {@code NetworkLens} is where a network of
 * {@code nn} shows it.
 *
 * <p>Imports {@code run} and {@code nn}.
 */
package dev.tandem.lens;
