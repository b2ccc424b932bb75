package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a network's parameters are moved.
 *
 * @param learningRate size of a step
 * @param momentum how much of the last step goes on in the next, 0 up to 1; the optimizers momentum
 *     and nesterov alone have it
 * @param weightDecay pull of every parameter to 0; 0 for none
 */
public record OptimizerSettings(
    @JsonProperty("optimizer") Optimizer algorithm,
    double learningRate,
    double momentum,
    double weightDecay) {

  /** Adam without weight decay. */
  public static OptimizerSettings adam(double learningRate) {
    return new OptimizerSettings(Optimizer.ADAM, learningRate, 0.9, 0);
  }
}
