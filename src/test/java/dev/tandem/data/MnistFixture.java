package dev.tandem.data;

import dev.tandem.run.DatasetInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** A made-up dataset in MNIST's form, a little larger than what is embedded. */
final class MnistFixture {
  static final int TRAINING = 5_100;
  static final int TEST = 1_010;

  private final Map<IdxPart, byte[]> plain = new EnumMap<>(IdxPart.class);
  private final Map<IdxPart, byte[]> gzipped = new EnumMap<>(IdxPart.class);

  MnistFixture() {
    this(7);
  }

  /**
   * @param seed other images for another one
   */
  MnistFixture(long seed) {
    Random random = new Random(seed);
    for (IdxPart file : IdxPart.values()) {
      int count = file.title.startsWith("train") ? TRAINING : TEST;
      byte[] items = new byte[count * file.itemBytes()];
      if (file.holdsImages()) {
        random.nextBytes(items);
      } else {
        for (int i = 0; i < count; i++) {
          items[i] = (byte) random.nextInt(DatasetInfo.DIGITS.size());
        }
      }
      plain.put(file, idx(file, count, items));
    }
  }

  /** For datasets that are here. */
  static Download noDownload() {
    throw new AssertionError("nothing is to be downloaded");
  }

  /** A file with this count in its header and these items behind it. */
  static byte[] idx(IdxPart file, int count, byte[] items) {
    byte[] header = IdxFile.header(file, count);
    byte[] bytes = Arrays.copyOf(header, header.length + items.length);
    System.arraycopy(items, 0, bytes, header.length, items.length);
    return bytes;
  }

  byte[] plain(IdxPart file) {
    return plain.get(file).clone();
  }

  byte[] gzipped(IdxPart file) {
    return gzipped.computeIfAbsent(file, of -> gzip(plain.get(of))).clone();
  }

  byte[] items(IdxPart file) {
    byte[] bytes = plain.get(file);
    return Arrays.copyOfRange(bytes, 4 + 4 * file.dimensions, bytes.length);
  }

  /** What is to be downloaded in place of MNIST, from these mirrors alone. */
  DatasetSettings settings(Path cache, DatasetSettings.Timeouts timeouts, URI... mirrors) {
    Map<IdxPart, PublishedSet.File> published = new EnumMap<>(IdxPart.class);
    plain.forEach(
        (file, bytes) -> {
          int count = file.title.startsWith("train") ? TRAINING : TEST;
          published.put(file, new PublishedSet.File(count, sha256(bytes)));
        });
    PublishedSet mnist = PublishedSet.MNIST;
    PublishedSet set =
        new PublishedSet(
            mnist.name(),
            mnist.title(),
            mnist.item(),
            mnist.classes(),
            mnist.source(),
            published,
            List.of(mirrors));
    return new DatasetSettings(Optional.empty(), cache, List.of(set), timeouts);
  }

  /** Writes the four files as people keep them. */
  void write(Path folder, Function<IdxPart, String> name, boolean gzip) throws IOException {
    for (IdxPart file : IdxPart.values()) {
      Files.write(folder.resolve(name.apply(file)), gzip ? gzipped(file) : plain.get(file));
    }
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static String sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
