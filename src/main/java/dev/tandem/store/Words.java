package dev.tandem.store;

import java.text.Normalizer;
import java.util.Locale;

/** Text as it is searched: neither case nor accents nor the way they are written matter. */
final class Words {
  private Words() {}

  /**
   * The text without case, accents and joiners. Vowel signs stay, as those of Hindi and Thai: they
   * are letters to those who read them.
   */
  static String fold(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFKD)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(character -> !isAccent(character))
        // The same letter at a word's end.
        .map(character -> character == 'ς' ? 'σ' : character)
        .forEach(folded::appendCodePoint);
    return folded.toString().replaceAll("\\s+", " ").strip();
  }

  /** Marks that belong to no script of their own are accents, but for those that voice kana. */
  private static boolean isAccent(int character) {
    switch (Character.getType(character)) {
      case Character.FORMAT:
        return true;
      case Character.NON_SPACING_MARK:
      case Character.ENCLOSING_MARK:
      case Character.COMBINING_SPACING_MARK:
        return Character.UnicodeScript.of(character) == Character.UnicodeScript.INHERITED
            && character != 0x3099
            && character != 0x309A;
      default:
        return false;
    }
  }

  /** A number as its shortest form, or null if it is none: {@code 1,000} and {@code 1e-3} too. */
  static String number(String word) {
    if (word.length() > 20 || !word.matches("\\d[\\d,]*(\\.\\d+)?(e[+-]?\\d{1,2})?|\\.\\d+")) {
      return null;
    }
    return plain(Double.parseDouble(word.replace(",", "")));
  }

  static String plain(double number) {
    return java.math.BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
