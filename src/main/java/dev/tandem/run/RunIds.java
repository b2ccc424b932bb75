package dev.tandem.run;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names for runs that read well, sort by age as text, and can't be guessed from one another: {@code
 * 20261122-231502-417-k3f9}, the time in UTC and four random characters.
 */
public final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private static final int TIME_LENGTH = "20261122-231502-417".length();
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Pattern FORM = Pattern.compile("\\d{8}-\\d{6}-\\d{3}-[0-9a-z]{4}");

  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();
  private long last;

  public RunIds(Clock clock) {
    this.clock = clock;
  }

  /** Whether a run may have this name; no other is worth asking for. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * Goes on after the newest name that was given, by an earlier server too: its clock may have been
   * ahead of this one's.
   */
  public void goOnAfter(String newest) {
    try {
      last =
          Math.max(
              last, TIME.parse(newest.substring(0, TIME_LENGTH), Instant::from).toEpochMilli());
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      // Not a name of ours: it says nothing of the time.
    }
  }

  /** The next name; greater than all before it, even when the clock stands still or goes back. */
  public String next() {
    last = Math.max(last + 1, clock.millis());
    StringBuilder id = new StringBuilder(TIME.format(Instant.ofEpochMilli(last)));
    id.append('-');
    for (int i = 0; i < 4; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
