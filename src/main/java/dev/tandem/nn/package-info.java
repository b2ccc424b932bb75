/**
 * Networks and their optimizer steps, in plain loops over arrays and a few matrix products, without
 * an allocation in a step.
 *
 * <p>A {@link dev.tandem.nn.Network} is a list of {@link dev.tandem.nn.Layer}s: {@link
 * dev.tandem.nn.Dense}; a {@link dev.tandem.nn.Normalization} such as {@link
 * dev.tandem.nn.BatchNorm}; an {@link dev.tandem.nn.Activation} such as {@link dev.tandem.nn.Relu};
 * {@link dev.tandem.nn.Dropout}; and {@link dev.tandem.nn.SoftmaxCrossEntropy} at the end. {@link
 * dev.tandem.nn.MultilayerPerceptron} puts them together, and {@link dev.tandem.nn.InitialWeights}
 * says what they start from. Layers take their {@link dev.tandem.nn.Parameters}, which an {@link
 * dev.tandem.nn.Optimizer} moves. A {@link dev.tandem.nn.Watcher} sees what passes from layer to
 * layer, and {@link dev.tandem.nn.UpdateNorms} how a step moves the weights.
 *
 * <p>A new normalization, activation or optimizer is a file here, a line in {@link
 * dev.tandem.nn.Registry}, and among the tests' resources a trajectory that PyTorch wrote. The
 * tests go over all that the registry has.
 *
 * <p>Below lie {@code Native} memory, the products in {@code Blas}, and the loops in {@link
 * dev.tandem.nn.Rows}.
 *
 * <p>Imports no sibling.
 */
package dev.tandem.nn;
