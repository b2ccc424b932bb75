package dev.tandem.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.run.BusMessage.TestAnswers;
import dev.tandem.run.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * What the networks of one repeat took the test images for, at the end of the last epoch of each.
 *
 * @param classes their names, by label
 * @param labels what the images are, a class each; absent if no network can be asked
 * @param pairs who is wrong where, for each two networks that could be asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TestTable(
    int repeat, List<String> classes, int[] labels, List<Column> variants, List<Pair> pairs) {

  static TestTable of(int repeat, Run run, List<Tested> all) {
    List<Tested> known = all.stream().filter(of -> of.told.predicted() != null).toList();
    int[] labels = known.isEmpty() ? null : numbers(known.get(0).told.labels());
    List<Pair> pairs = new ArrayList<>();
    for (int a = 0; a < known.size(); a++) {
      for (int b = a + 1; b < known.size(); b++) {
        pairs.add(Pair.of(known.get(a), known.get(b)));
      }
    }
    int classes = run.settings().data().classes();
    return new TestTable(
        repeat,
        run.classes(),
        labels,
        all.stream().map(tested -> Column.of(tested, classes)).toList(),
        pairs);
  }

  private static int[] numbers(byte[] classes) {
    int[] numbers = new int[classes.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = classes[i];
    }
    return numbers;
  }

  /** What a variant's network answered. */
  record Tested(String variant, TestAnswers told) {
    boolean isWrong(int image) {
      return told.predicted()[image] != told.labels()[image];
    }
  }

  /**
   * One network's answers.
   *
   * @param epoch at whose end it answered
   * @param wrong how many of the images it took for something else
   * @param predicted a class for each image
   * @param confusion classes × classes counts: a row for each true class, a column for each
   *     predicted one
   * @param unavailable why there are no answers; then it is all there is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Column(
      String variant,
      Integer epoch,
      Integer wrong,
      int[] predicted,
      int[][] confusion,
      String unavailable) {
    static Column of(Tested of, int classes) {
      TestAnswers told = of.told;
      if (told.predicted() == null) {
        return new Column(of.variant, null, null, null, null, told.unavailable());
      }
      int[][] confusion = new int[classes][classes];
      int wrong = 0;
      for (int i = 0; i < told.labels().length; i++) {
        confusion[told.labels()[i]][told.predicted()[i]]++;
        wrong += of.isWrong(i) ? 1 : 0;
      }
      return new Column(
          of.variant, told.epoch(), wrong, numbers(told.predicted()), confusion, null);
    }
  }

  /**
   * Indexes of test images by who is wrong.
   *
   * @param variants the two
   */
  record Pair(
      List<String> variants,
      List<Integer> onlyFirstWrong,
      List<Integer> onlySecondWrong,
      List<Integer> bothWrong) {
    static Pair of(Tested first, Tested second) {
      Pair pair =
          new Pair(
              List.of(first.variant, second.variant),
              new ArrayList<>(),
              new ArrayList<>(),
              new ArrayList<>());
      for (int i = 0; i < first.told.labels().length; i++) {
        boolean firstWrong = first.isWrong(i);
        boolean secondWrong = second.isWrong(i);
        if (firstWrong && secondWrong) {
          pair.bothWrong.add(i);
        } else if (firstWrong) {
          pair.onlyFirstWrong.add(i);
        } else if (secondWrong) {
          pair.onlySecondWrong.add(i);
        }
      }
      return pair;
    }
  }
}
