package dev.tandem.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Trained networks as NumPy's arrays: what PyTorch would make of them is computed here by hand. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("NumpyModelTest")
class NumpyModelTest {
  private static final int PIXELS = 784;

  @TempDir static Path dataDir;
  private static TestServer server;
  private static String id;

  @BeforeAll
  static void train() {
    server = TestServer.start(dataDir);
    id =
        server
            .startRun(
                """
                {"epochs":2,"trainingExamples":300,"testExamples":60,"hiddenLayers":[12],
                 "activation":"tanh","dropout":0.2,"learningRate":0.01,
                 "variants":[{"name":"layer","normalization":"layer"},{"name":"batch","normalization":"batch"}]}
                """)
            .getString("id");
    server.awaitStatus(id, "completed");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void arrays_haveTheirNamesInPyTorch_andMakeTheSamePredictions() throws Exception {
    for (String variant : new String[] {"layer", "batch"}) {
      Map<String, float[]> arrays = arrays(variant);
      assertEquals(
          variant.equals("layer")
              ? "[1.bias, 1.weight, 2.bias, 2.weight, 5.bias, 5.weight]"
              : "[1.bias, 1.weight, 2.bias, 2.running_mean, 2.running_var, 2.weight, 5.bias, 5.weight]",
          arrays.keySet().toString());
      JsonArray image = new JsonArray();
      float[] x = new float[PIXELS];
      for (int i = 0; i < PIXELS; i++) {
        int pixel = i * 7 % 256;
        image.add(pixel);
        x[i] = pixel / 127.5f - 1;
      }
      float[] sums = linear(x, arrays.get("1.weight"), arrays.get("1.bias"));
      float[] outputs = normalized(sums, arrays);
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = (float) Math.tanh(outputs[i]);
      }
      float[] expected = softmax(linear(outputs, arrays.get("5.weight"), arrays.get("5.bias")));
      assertArrayEquals(expected, predicted(variant, image), 1e-5f);
    }
  }

  @Test
  void deepLearning4j_hasNoLayerNormalization_andTheAnswerSaysWhatThereIs() {
    HttpResponse<String> answer = server.get("/api/runs/" + id + "/models/layer");
    assertEquals(404, answer.statusCode());
    assertTrue(answer.body().contains("?format=npz"), answer.body());
    assertEquals(200, server.get("/api/runs/" + id + "/models/batch").statusCode());
    HttpResponse<String> unknown = server.get("/api/runs/" + id + "/models/batch?format=onnx");
    assertEquals(400, unknown.statusCode());
    assertTrue(
        unknown.body().contains("must be one of dl4j, npz, not \\\"onnx\\\""), unknown.body());
  }

  private static Map<String, float[]> arrays(String variant)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            server.url()
                                + "/api/runs/"
                                + id
                                + "/models/"
                                + variant
                                + "?format=npz"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode());
    String file = answer.headers().firstValue("Content-Disposition").orElseThrow();
    assertTrue(file.endsWith(".npz\""), file);
    Map<String, float[]> arrays = new TreeMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        ByteBuffer array = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        array.position(10 + array.getShort(8));
        float[] values = new float[array.remaining() / Float.BYTES];
        array.asFloatBuffer().get(values);
        arrays.put(entry.getName().replace(".npy", ""), values);
      }
    }
    return arrays;
  }

  /** W·x + b, with W of out × in. */
  private static float[] linear(float[] x, float[] weight, float[] bias) {
    float[] y = bias.clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static float[] normalized(float[] x, Map<String, float[]> arrays) {
    float[] mean = arrays.get("2.running_mean");
    float[] variance = arrays.get("2.running_var");
    double ofAll = 0;
    double square = 0;
    for (float value : x) {
      ofAll += value / x.length;
    }
    for (float value : x) {
      square += (value - ofAll) * (value - ofAll) / x.length;
    }
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      double centre = mean == null ? ofAll : mean[i];
      double spread = variance == null ? square : variance[i];
      y[i] =
          (float)
              ((x[i] - centre) / Math.sqrt(spread + 1e-5) * arrays.get("2.weight")[i]
                  + arrays.get("2.bias")[i]);
    }
    return y;
  }

  private static float[] softmax(float[] logits) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    float[] y = new float[logits.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (Math.exp(logits[i]) / sum);
    }
    return y;
  }

  private static float[] predicted(String variant, JsonArray image) {
    JsonObject answer =
        new JsonObject(
            server
                .post("/api/runs/" + id + "/predict", new JsonObject().put("image", image).encode())
                .body());
    for (Object of : answer.getJsonArray("answers")) {
      JsonObject prediction = (JsonObject) of;
      if (prediction.getString("variant").equals(variant)) {
        JsonArray all = prediction.getJsonArray("probabilities");
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = all.getFloat(i);
        }
        return values;
      }
    }
    throw new AssertionError(answer.encode());
  }
}
