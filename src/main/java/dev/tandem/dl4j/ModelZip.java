package dev.tandem.dl4j;

import dev.tandem.run.TrainingPlan;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network as a zip that DeepLearning4J's {@code ModelSerializer} reads, made part by part
 * from the parameters: no network is built for it. Not compressed, because weights hardly can be,
 * and so its length is known beforehand. Used by one thread at a time.
 */
public final class ModelZip {
  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";

  /** Floats in a part: 128 KiB. */
  private static final int PART = 32 * 1024;

  /** Bytes of the zip's end record. */
  private static final int END = 22;

  private final FlatParameters parameters;
  private final int count;
  private final ByteArrayOutputStream made = new ByteArrayOutputStream(5 * PART);
  private final ZipOutputStream zip = new ZipOutputStream(made);
  private final float[] floats = new float[PART];
  private final ByteBuffer bytes = ByteBuffer.allocate(PART * Float.BYTES);
  private final long length;
  private int written;

  /** Reads some parameters, by their places in DeepLearning4J's flat vector. */
  @FunctionalInterface
  public interface FlatParameters {
    void read(int from, float[] into, int count);
  }

  /**
   * Begins one. Takes a while: all parameters are gone through once for their checksum.
   *
   * @param inputs features of one example
   * @param classes units of the output layer
   * @param count of all parameters
   */
  public ModelZip(TrainingPlan plan, int inputs, int classes, int count, FlatParameters parameters)
      throws IOException {
    this.parameters = parameters;
    this.count = count;
    byte[] configuration = configuration(plan, inputs, classes);
    byte[] head = head();
    CRC32 checksum = new CRC32();
    checksum.update(configuration);
    begin(CONFIGURATION, configuration.length, checksum);
    zip.write(configuration);
    zip.closeEntry();
    checksum.reset();
    checksum.update(head);
    for (int from = 0; from < count; from += PART) {
      checksum.update(bytes.array(), 0, read(from));
    }
    long coefficients = head.length + (long) count * Float.BYTES;
    begin(COEFFICIENTS, coefficients, checksum);
    zip.write(head);
    length = entry(CONFIGURATION, configuration.length) + entry(COEFFICIENTS, coefficients) + END;
  }

  /** As of a network: it would name its parameters in there. */
  private static byte[] configuration(TrainingPlan plan, int inputs, int classes) {
    MultiLayerConfiguration all = Networks.configuration(plan, inputs, classes);
    for (NeuralNetConfiguration of : all.getConfs()) {
      of.getLayer().initializer().paramKeys(of.getLayer()).forEach(of::addVariable);
    }
    return all.toJson().getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes that an entry takes: before its content, its content, and in the directory. */
  private static long entry(String name, long content) {
    return 30 + name.length() + content + 46 + name.length();
  }

  private void begin(String name, long size, CRC32 checksum) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
  }

  /** As ND4J writes a vector of floats, up to the floats. */
  private byte[] head() throws IOException {
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

  /** Reads the part that begins there, and returns its bytes' number. */
  private int read(int from) {
    int now = Math.min(PART, count - from);
    parameters.read(from, floats, now);
    bytes.asFloatBuffer().put(floats, 0, now);
    return now * Float.BYTES;
  }

  /** Bytes of the whole. */
  public long length() {
    return length;
  }

  public boolean isWhole() {
    return written == count;
  }

  /** The next part; not to be called when it is whole. */
  public byte[] next() throws IOException {
    int size = read(written);
    zip.write(bytes.array(), 0, size);
    written += size / Float.BYTES;
    if (isWhole()) {
      zip.close();
    }
    byte[] part = made.toByteArray();
    made.reset();
    return part;
  }
}
