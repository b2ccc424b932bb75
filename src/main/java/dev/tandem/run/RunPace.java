package dev.tandem.run;

/**
 * What the trainings of a run are held to, so that they can be watched.
 *
 * @param iterationsPerSecond at most so many of each training; null for as fast as it goes
 */
public record RunPace(Double iterationsPerSecond) {}
