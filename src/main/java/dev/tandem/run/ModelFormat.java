package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The files that a trained network can be had as. */
public enum ModelFormat {
  /** A zip that DeepLearning4J's {@code ModelSerializer} reads, of networks that it has. */
  DL4J("zip"),
  /** NumPy's zip of arrays, named and shaped as in a PyTorch state_dict; of every network. */
  NPZ("npz");

  private final String extension;

  ModelFormat(String extension) {
    this.extension = extension;
  }

  /** The end of such a file's name. */
  public String extension() {
    return extension;
  }

  /** The name in requests. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ModelFormat> of(String label) {
    return Arrays.stream(values()).filter(format -> format.label().equals(label)).findFirst();
  }
}
