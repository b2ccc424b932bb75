/**
 * Run events as metrics: {@link dev.tandem.metrics.RunMetrics} folds them into counters and
 * histograms over all runs, {@code RunGauges} into the gauges of one.
 */
package dev.tandem.metrics;
