package dev.tandem.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Words that runs are to have, as SQL over their {@link Listing}s. A word is looked for anywhere in
 * what a list shows of a run, a number also among all its settings, there as a whole: {@code 10} is
 * not found in 1000. Together with the name of a setting beside it, it is looked for as that
 * setting: {@code seed 77}, {@code 10 epochs}.
 */
final class Search {
  /** Words of settings that may come before their number. */
  private static final Set<String> BEFORE =
      Set.of(
          "seed",
          "batch",
          "size",
          "learning",
          "rate",
          "layers",
          "pace",
          "dropout",
          "initial",
          "scale",
          "momentum",
          "weight",
          "decay",
          "epochs",
          "training",
          "test",
          "examples",
          "repeats");

  /** Words of settings that may come after their number. */
  private static final Set<String> AFTER =
      Set.of("epochs", "training", "test", "examples", "repeats", "layers");

  /** A piece of an id that is shorter is taken for something else: a number, for one. */
  private static final int PIECE_OF_ID = 8;

  private final List<String> words;
  private final List<Condition> conditions = new ArrayList<>();

  /** Words whose settings' names have not been seen yet: from here on. */
  private int next;

  private Search(List<String> words) {
    this.words = words;
  }

  /** What is to hold for a run, all of it; nothing if the search has no words. */
  static List<Condition> conditions(String search) {
    List<String> words =
        Arrays.stream(Words.fold(search).split(" "))
            .map(word -> word.replaceAll("^,+(?=.)|(?<=.),+$", ""))
            .filter(word -> !word.isEmpty())
            .toList();
    Search of = new Search(words);
    for (int i = 0; i < words.size(); i++) {
      if (i >= of.next && Words.number(words.get(i)) != null) {
        of.number(i);
      }
    }
    of.texts(words.size());
    return of.conditions;
  }

  private void number(int at) {
    String number = Words.number(words.get(at));
    int from = at;
    while (from > next && BEFORE.contains(words.get(from - 1))) {
      from--;
    }
    int to = at + 1;
    while (from == at && to < words.size() && AFTER.contains(words.get(to))) {
      to++;
    }
    texts(from);
    next = to;
    String phrase = String.join(" ", words.subList(from, to));
    String setting = phrase.replace(words.get(at), number);
    add(
        anywhere("shown", phrase),
        new Condition("settings LIKE ? ESCAPE '!'", List.of("% " + escaped(setting) + " %")),
        ofId(phrase));
  }

  /** The words up to an index that no number has taken. */
  private void texts(int to) {
    for (String word : words.subList(Math.min(next, to), to)) {
      add(anywhere("shown", word), ofId(word));
    }
    next = to;
  }

  private void add(Condition... alternatives) {
    List<Condition> any = new ArrayList<>(List.of(alternatives));
    any.removeIf(condition -> condition.values.isEmpty());
    conditions.add(
        new Condition(
            any.stream().map(Condition::sql).collect(Collectors.joining(" OR ", "(", ")")),
            any.stream().flatMap(condition -> condition.values.stream()).toList()));
  }

  private static Condition anywhere(String column, String text) {
    return new Condition(column + " LIKE ? ESCAPE '!'", List.of("%" + escaped(text) + "%"));
  }

  private static Condition ofId(String text) {
    return text.length() < PIECE_OF_ID ? new Condition("", List.of()) : anywhere("run_id", text);
  }

  private static String escaped(String text) {
    return text.replaceAll("[!%_]", "!$0");
  }

  /**
   * @param sql with as many places as there are values
   */
  record Condition(String sql, List<?> values) {}
}
