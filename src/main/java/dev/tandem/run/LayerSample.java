package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What went on in one hidden layer in one training step, with the parameters as they were before
 * it. Of a batch, all examples and units are taken together. Rounded to four or five digits; what
 * is not finite is null in JSON.
 *
 * @param sumMean mean of the weighted sums, biases included: what leaves the dense layer
 * @param sumSd their standard deviation
 * @param inputMean mean of what enters the activation: the same sums, after normalization if there
 *     is any
 * @param inputSd its standard deviation
 * @param inputLow its 15th percentile, as in Ioffe and Szegedy's figure 1
 * @param inputMedian its 50th
 * @param inputHigh its 85th
 * @param deadRatio share of the units, 0–1, whose output is 0 for every example of the batch
 * @param gradientNorm Euclidean norm of the gradient of the batch's mean loss by the layer's
 *     weights
 * @param updateRatio Euclidean norm of what the optimizer adds to the weights, divided by that of
 *     the weights
 * @param batchNorm null in a layer without batch normalization
 */
public record LayerSample(
    float sumMean,
    float sumSd,
    float inputMean,
    float inputSd,
    float inputLow,
    float inputMedian,
    float inputHigh,
    float deadRatio,
    float gradientNorm,
    float updateRatio,
    @JsonInclude(JsonInclude.Include.NON_NULL) OfBatchNorm batchNorm) {

  /**
   * The state of a layer's batch normalization. A gap is a mean over the units, and the running
   * statistics are those that the batch has just moved.
   *
   * @param meanGap distance of the batch's mean from the running one, in running standard
   *     deviations
   * @param sdGap distance of the batch's standard deviation from the running one, in the same
   */
  public record OfBatchNorm(
      float meanGap,
      float sdGap,
      float gammaMin,
      float gammaMean,
      float gammaMax,
      float betaMin,
      float betaMean,
      float betaMax) {}
}
