package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a run learns from and is tested on.
 *
 * @param dataset its name, as in {@link DatasetInfo}
 * @param trainingExamples the first so many images of the training set
 * @param testExamples the first so many images of the test set
 * @param classes that the network tells apart; not said in JSON where there are ten, as everywhere
 *     before there were other datasets than MNIST
 */
public record DataSettings(
    String dataset,
    int trainingExamples,
    int testExamples,
    @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DatasetInfo.AsManyAsDigits.class)
        int classes) {
  public DataSettings {
    classes = classes == 0 ? DatasetInfo.DIGITS.size() : classes;
  }

  /** Of a dataset with ten classes. */
  public DataSettings(String dataset, int trainingExamples, int testExamples) {
    this(dataset, trainingExamples, testExamples, DatasetInfo.DIGITS.size());
  }
}
