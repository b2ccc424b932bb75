package dev.tandem.live;

/**
 * One WebSocket text frame, made once for all who need it.
 *
 * @param text a JSON array
 * @param last number of the last thing in it
 * @param events how many things are in it
 * @param oldestStep when its first step ended, in milliseconds since 1970; NaN if it holds none
 */
record Frame(String text, long last, int events, double oldestStep) {}
