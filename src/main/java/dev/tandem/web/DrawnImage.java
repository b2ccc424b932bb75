package dev.tandem.web;

import dev.tandem.run.DatasetInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** An image that is sent to be looked at: {@code {"image": [a number for each pixel]}}. */
final class DrawnImage {
  private static final String FIELD = "image";
  private static final int PIXELS = DatasetInfo.PIXELS;
  private static final int INK = 255;

  /** Faulty pixels that are named one by one. */
  private static final int NAMED = 10;

  private DrawnImage() {}

  /**
   * The pixels as unsigned bytes, rounded.
   *
   * @param errors receives all that is wrong
   */
  static byte[] read(JsonObject body, Map<String, String> errors) {
    for (String field : body.fieldNames()) {
      if (!field.equals(FIELD)) {
        errors.put(field, "is not a field here; known is " + FIELD);
      }
    }
    byte[] pixels = new byte[PIXELS];
    if (!(body.getValue(FIELD) instanceof JsonArray values) || values.size() != PIXELS) {
      errors.put(
          FIELD,
          "must be a list of %d grey values, row by row, from 0 (ground) to 255 (ink)"
              .formatted(PIXELS));
      return pixels;
    }
    int faults = 0;
    for (int i = 0; i < PIXELS; i++) {
      if (values.getValue(i) instanceof Number number
          && number.doubleValue() >= 0
          && number.doubleValue() <= INK) {
        pixels[i] = (byte) Math.round(number.doubleValue());
      } else if (++faults <= NAMED) {
        errors.put("%s[%d]".formatted(FIELD, i), "must be a number from 0 (ground) to 255 (ink)");
      }
    }
    if (faults > NAMED) {
      errors.put(FIELD, "has %,d values that are not from 0 to 255".formatted(faults));
    }
    return pixels;
  }
}
