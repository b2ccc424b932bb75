package dev.tandem.run;

/**
 * Names a training within its run.
 *
 * @param variant name of the variant
 * @param repeat counted from 1; the trainings of one repeat are a pair, with the same seed
 */
public record TrainingId(String variant, int repeat) {}
