package dev.tandem.web;

import java.util.Map;

/** A request with faulty fields; all of them. */
final class BadFields extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Map<String, String> errors;

  /**
   * @param errors messages by field
   */
  BadFields(Map<String, String> errors) {
    super(errors.toString());
    this.errors = Map.copyOf(errors);
  }

  Map<String, String> errors() {
    return errors;
  }
}
