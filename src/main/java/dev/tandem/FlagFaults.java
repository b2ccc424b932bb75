package dev.tandem;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * All that is wrong with a command line and the environment behind it. Each fault is named as it
 * was given: by its flag, or by its variable. What can't be read is read as something, and refused.
 */
final class FlagFaults {
  private final ParseResult parsed;
  private final FlagVariables variables;
  private final List<String> found = new ArrayList<>();

  /** Flags with nothing behind them, of which nothing more is to be said. */
  private final Set<String> empty = new HashSet<>();

  /**
   * @param parsed as texts, with its errors collected
   */
  FlagFaults(ParseResult parsed, FlagVariables variables) {
    this.parsed = parsed;
    this.variables = variables;
    for (Exception error : parsed.errors()) {
      found.add(error.getMessage().lines().findFirst().orElse(""));
    }
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.stringValues().stream().allMatch(String::isBlank)) {
        found.add(option.longestName() + " must not be empty");
        empty.add(option.longestName());
      }
    }
  }

  /** What the person who set a flag calls it. */
  private String name(String flag) {
    return !parsed.hasMatchedOption(flag) && variables.has(flag)
        ? FlagVariables.variable(flag)
        : flag;
  }

  /**
   * @param otherwise what is to be said behind the name
   */
  void check(boolean right, String flag, String otherwise) {
    if (!right && !empty.contains(flag)) {
      found.add(name(flag) + " " + otherwise);
    }
  }

  int wholeNumber(String flag, String text, int least, int greatest) {
    long number = least;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      check(false, flag, "must be a whole number, not '" + text + "'");
    }
    check(
        number >= least && number <= greatest,
        flag,
        (greatest < 100_000 ? "must be from %d to %d, not %d" : "must be from %,d to %,d, not %d")
            .formatted(least, greatest, number));
    return (int) number;
  }

  boolean yesOrNo(String flag, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes", "on" -> true;
      case "0", "false", "no", "off" -> false;
      default -> {
        check(false, flag, "must be true or false, 1 or 0, not '" + text + "'");
        yield false;
      }
    };
  }

  Path path(String flag, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      check(false, flag, "must be a path, not '" + text + "'");
      return Path.of("");
    }
  }

  boolean none() {
    return found.isEmpty();
  }

  /**
   * @throws ParameterException that says, in one line, all that is wrong, if anything is
   */
  void refuse() {
    if (!none()) {
      throw new ParameterException(parsed.commandSpec().commandLine(), String.join("; ", found));
    }
  }
}
