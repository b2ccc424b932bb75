package dev.tandem.nn;

/**
 * How well a network does on some examples.
 *
 * @param loss mean cross-entropy per example, in nats
 * @param accuracy ratio 0–1
 */
public record Score(double loss, double accuracy) {}
