package dev.tandem.data;

import java.util.List;

/**
 * Examples as a network takes them, shared by trainings and never written to.
 *
 * @param features size × inputs, in [−1, 1]
 * @param labels size, each a class from 0
 * @param size how many there are
 * @param inputs features of one example
 */
public record Examples(float[][] features, byte[] labels, int size, int inputs) {
  /** What pixels of 0 and of 255 become. */
  static final List<Float> SCALING = List.of(-1f, 1f);

  /** Pixels 0–255 become −1–1, as in the seed: (x − 0.5)/0.5 of x in 0–1. */
  public static Examples of(byte[] pixels, byte[] labels, int size, int inputs) {
    float[] scale = new float[256];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = i / 127.5f - 1;
    }
    float[][] features = new float[size][inputs];
    for (int example = 0; example < size; example++) {
      for (int i = 0; i < inputs; i++) {
        features[example][i] = scale[pixels[example * inputs + i] & 0xff];
      }
    }
    return new Examples(features, labels, size, inputs);
  }
}
