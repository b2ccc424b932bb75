/**
 * Run events as metrics: {@link dev.tandem.metrics.RunMetrics} folds them into counters and
 * histograms over all runs ({@code TrainingMeters}) and into the gauges of one ({@code RunGauges}).
 * {@link dev.tandem.metrics.ProcessMetrics} measures what the process uses.
 */
package dev.tandem.metrics;
