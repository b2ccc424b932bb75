package dev.tandem.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells images from others by their content, as {@link dev.tandem.run.DataFingerprint} says. */
final class Fingerprint {
  private Fingerprint() {}

  /** Of the first so many images. */
  static String of(LabeledImages images, int count) {
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(8).putInt(count).putInt(images.features()).array());
    digest.update(images.pixels(), 0, count * images.features());
    digest.update(images.labels(), 0, count);
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
