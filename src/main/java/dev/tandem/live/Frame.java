package dev.tandem.live;

import java.nio.charset.StandardCharsets;

/**
 * One WebSocket text frame, made once for all who need it.
 *
 * @param text a JSON array
 * @param bytes its length in UTF-8
 * @param last number of the last thing in it
 * @param events how many things are in it
 * @param oldestStep when its first step ended, in milliseconds since 1970; NaN if it holds none
 */
record Frame(String text, int bytes, long last, int events, double oldestStep) {
  /**
   * @param json an array, in UTF-8
   */
  Frame(byte[] json, long last, int events, double oldestStep) {
    this(new String(json, StandardCharsets.UTF_8), json.length, last, events, oldestStep);
  }
}
