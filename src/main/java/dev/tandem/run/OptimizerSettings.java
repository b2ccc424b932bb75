package dev.tandem.run;

/**
 * How a network's parameters are moved.
 *
 * @param learningRate of the Adam optimizer
 */
public record OptimizerSettings(double learningRate) {}
