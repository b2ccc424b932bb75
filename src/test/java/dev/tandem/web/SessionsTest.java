package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final String TOKEN = "correct-horse-battery";
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  private static Sessions at(Instant now) {
    return new Sessions(TOKEN, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void session_lastsAWeek() {
    String session = at(NOW).open();
    assertTrue(at(NOW.plus(Sessions.LENGTH).minusSeconds(1)).isOpen(session));
    assertFalse(at(NOW.plus(Sessions.LENGTH)).isOpen(session));
    assertEquals(Duration.ofDays(7), Sessions.LENGTH);
  }

  @Test
  void session_changedInAnyBit_isNone() {
    byte[] bytes = Base64.getUrlDecoder().decode(at(NOW).open());
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(at(NOW).isOpen(Base64.getUrlEncoder().withoutPadding().encodeToString(changed)));
    }
  }

  @Test
  void session_ended_isEnded_inEverySpelling_andNoOtherIs() {
    Sessions sessions = at(NOW);
    String one = sessions.open();
    String other = sessions.open();
    assertNotEquals(one, other);
    sessions.end(one + "=");
    sessions.end("nonsense");
    assertFalse(sessions.isOpen(one));
    assertFalse(sessions.isOpen(one + "="));
    assertTrue(sessions.isOpen(other));
  }

  @Test
  void nonsense_isNone() {
    for (String session :
        new String[] {"", "=", "é", "AAAA", TOKEN, "A".repeat(75), "A".repeat(9999)}) {
      assertFalse(at(NOW).isOpen(session), session);
    }
  }

  @Test
  void token_isTheWholeToken() {
    assertTrue(at(NOW).isToken(TOKEN));
    for (String other : new String[] {"", TOKEN + " ", TOKEN.substring(1), TOKEN.toUpperCase()}) {
      assertFalse(at(NOW).isToken(other), other);
    }
  }
}
