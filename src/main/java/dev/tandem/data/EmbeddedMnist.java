package dev.tandem.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The part of MNIST that comes with the program: its first images, enough to start offline. */
final class EmbeddedMnist implements MnistSource {
  static final int TRAINING = 5_000;
  static final int TEST = 1_000;

  @Override
  public byte[] read(MnistFile file, Progress progress) {
    try (InputStream in = getClass().getResourceAsStream("mnist/" + file.gzipName())) {
      if (in == null) {
        throw new IllegalStateException(file.gzipName() + " is missing from this build");
      }
      return IdxFile.read(in, file, TRAINING, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IdxFault e) {
      throw new IllegalStateException(file.gzipName() + " in this build " + e.getMessage(), e);
    }
  }
}
