package dev.tandem.web;

import io.vertx.ext.web.RoutingContext;
import java.text.Normalizer;

/** Names as they are kept: a letter and its accent are one character where there is one. */
final class Names {
  private static final String VARIANT = "variant";

  private Names() {}

  /** The text in Unicode's composed form, NFC, whichever way it was typed. */
  static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /**
   * The variant that an address names at its end, or in its query: proxies don't let every name
   * through as part of a path.
   */
  static String variant(RoutingContext context) {
    String name = context.pathParam(VARIANT);
    return name != null ? name : String.valueOf(context.request().getParam(VARIANT, ""));
  }
}
