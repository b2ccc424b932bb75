package dev.tandem.live;

/** Text as a cell of a CSV file. */
final class Csv {
  private Csv() {}

  /** The text, in quotes if it would be read as something else without. */
  static String cell(String text) {
    return text.indexOf(',') < 0 && text.indexOf('"') < 0
        ? text
        : '"' + text.replace("\"", "\"\"") + '"';
  }
}
