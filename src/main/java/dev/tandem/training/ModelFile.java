package dev.tandem.training;

import dev.tandem.run.RunSettings;
import dev.tandem.run.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.deeplearning4j.util.ModelSerializer;

/** A trained network, as the store keeps it and as DeepLearning4J's zip. */
final class ModelFile {
  private ModelFile() {}

  /** The network alone, without its optimizer. */
  static byte[] state(Trainee trainee) {
    ByteBuffer out = ByteBuffer.allocate(trainee.savedBytes(false));
    trainee.save(out, false);
    return out.array();
  }

  /**
   * A zip that {@code ModelSerializer.restoreMultiLayerNetwork} reads. Blocks.
   *
   * @param state as {@link #state} made it
   */
  static byte[] zip(Compute compute, RunSettings settings, Variant variant, byte[] state)
      throws IOException {
    Examples none = Examples.of(new byte[Dataset.FEATURES], new byte[1], 1, Dataset.FEATURES);
    try (Trainee trainee = compute.trainee(settings, variant, none, none, Dataset.CLASSES)) {
      trainee.restore(ByteBuffer.wrap(state), false);
      ByteArrayOutputStream zip = new ByteArrayOutputStream();
      ModelSerializer.writeModel(trainee.model(), zip, false);
      return zip.toByteArray();
    }
  }
}
