package dev.tandem.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The part of a dataset that comes with the program: its first images, enough to start offline. */
final class EmbeddedFiles implements IdxSource {
  private final String dataset;

  EmbeddedFiles(String dataset) {
    this.dataset = dataset;
  }

  @Override
  public byte[] read(IdxPart part, Progress progress) {
    String name = dataset + "/" + part.gzipName();
    try (InputStream in = getClass().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from this build");
      }
      return IdxFile.read(in, part, PublishedSet.EMBEDDED.training(), progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IdxFault e) {
      throw new IllegalStateException(name + " in this build " + e.getMessage(), e);
    }
  }
}
