package dev.tandem.dl4j;

import dev.tandem.nn.WeightsZip;
import dev.tandem.run.TrainingPlan;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network as a zip that DeepLearning4J's {@code ModelSerializer} reads. No network is
 * built for it.
 */
public final class ModelZip {
  private ModelZip() {}

  /**
   * Begins one. Takes a while.
   *
   * @param inputs features of one example
   * @param classes units of the output layer
   * @param count of all parameters
   * @param parameters by their places in DeepLearning4J's flat vector
   */
  public static WeightsZip of(
      TrainingPlan plan, int inputs, int classes, int count, WeightsZip.Source parameters)
      throws IOException {
    return new WeightsZip(
        List.of(
            new WeightsZip.Entry("configuration.json", configuration(plan, inputs, classes), 0, 0),
            new WeightsZip.Entry("coefficients.bin", head(count), 0, count)),
        ByteOrder.BIG_ENDIAN,
        parameters);
  }

  /** As of a network: it would name its parameters in there. */
  private static byte[] configuration(TrainingPlan plan, int inputs, int classes) {
    MultiLayerConfiguration all = Networks.configuration(plan, inputs, classes);
    for (NeuralNetConfiguration of : all.getConfs()) {
      of.getLayer().initializer().paramKeys(of.getLayer()).forEach(of::addVariable);
    }
    return all.toJson().getBytes(StandardCharsets.UTF_8);
  }

  /** As ND4J writes a vector of floats, up to the floats. */
  private static byte[] head(int count) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(head);
    Nd4j.getShapeInfoProvider()
        .createShapeInformation(new long[] {count}, Nd4j.order(), DataType.FLOAT)
        .getFirst()
        .write(out);
    out.writeUTF(DataBuffer.AllocationMode.MIXED_DATA_TYPES.name());
    out.writeLong(count);
    out.writeUTF(DataType.FLOAT.name());
    return head.toByteArray();
  }
}
