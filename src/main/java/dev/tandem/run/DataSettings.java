package dev.tandem.run;

/**
 * What a run learns from and is tested on.
 *
 * @param dataset its name
 * @param trainingExamples the first so many images of the training set
 * @param testExamples the first so many images of the test set
 */
public record DataSettings(String dataset, int trainingExamples, int testExamples) {}
