/**
 * What Tandem costs, measured: {@link dev.tandem.bench.Bench} runs the parts, one a class, and a
 * {@code Report} gathers their figures. What is compared is run in turn, A B A B, and a ratio is
 * one of medians of the same minutes.
 */
package dev.tandem.bench;
