package dev.tandem.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a browser keeps in place of the token: a time of expiry and a random number, signed with a
 * key made from the token. So a restart ends no session, and another token ends them all.
 */
final class Sessions {
  static final Duration LENGTH = Duration.ofDays(7);

  private static final String HMAC = "HmacSHA256";
  private static final int NONCE_BYTES = 16;
  private static final int CLAIM_BYTES = Long.BYTES + NONCE_BYTES;
  private static final int MAC_BYTES = 32;
  private static final int ENDED_KEPT = 10_000;

  private final byte[] token;
  private final byte[] key;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  /** Those that were signed out before they expired, as long as this process lives. */
  private final Map<String, Boolean> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > ENDED_KEPT;
        }
      };

  Sessions(String token, Clock clock) {
    this.token = sha256(token);
    this.key = mac(token.getBytes(StandardCharsets.UTF_8), "tandem session".getBytes());
    this.clock = clock;
  }

  /** Takes as long whatever is given: the digests are compared, not the texts. */
  boolean isToken(String given) {
    return MessageDigest.isEqual(token, sha256(given));
  }

  /** A new session. */
  String open() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] claim =
        ByteBuffer.allocate(CLAIM_BYTES)
            .putLong(clock.instant().plus(LENGTH).getEpochSecond())
            .put(nonce)
            .array();
    byte[] all =
        ByteBuffer.allocate(CLAIM_BYTES + MAC_BYTES).put(claim).put(mac(key, claim)).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  boolean isOpen(String session) {
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(session);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (all.length != CLAIM_BYTES + MAC_BYTES) {
      return false;
    }
    byte[] claim = new byte[CLAIM_BYTES];
    byte[] signature = new byte[MAC_BYTES];
    ByteBuffer.wrap(all).get(claim).get(signature);
    return MessageDigest.isEqual(mac(key, claim), signature)
        && ByteBuffer.wrap(claim).getLong() > clock.instant().getEpochSecond()
        && !ended.containsKey(name(claim));
  }

  /** Signs out. */
  void end(String session) {
    if (isOpen(session)) {
      byte[] all = Base64.getUrlDecoder().decode(session);
      byte[] claim = new byte[CLAIM_BYTES];
      ByteBuffer.wrap(all).get(claim);
      ended.put(name(claim), true);
    }
  }

  /** Not the text: two texts can decode to the same bytes. */
  private static String name(byte[] claim) {
    return Base64.getEncoder().encodeToString(claim);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] mac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HMAC, e);
    }
  }
}
