package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The one mapping between records and JSON, for the API and for the bus. Numbers that are not
 * finite, which JSON can't say, are null. Thread-safe.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build())
          .setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .registerModule(new JavaTimeModule())
          .registerModule(
              new SimpleModule()
                  .addSerializer(float[].class, new FloatsWriter())
                  .addDeserializer(float[].class, new FloatsReader())
                  .addSerializer(float.class, new FloatWriter())
                  .addDeserializer(float.class, new FloatReader())
                  .addSerializer(double.class, new DoubleWriter())
                  .addDeserializer(double.class, new DoubleReader()));

  private static final ObjectReader PARTS =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Json() {}

  /** A value as JSON in UTF-8. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON for " + value.getClass(), e);
    }
  }

  /** A value as JSON. */
  public static String text(Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /** The value of a type that UTF-8 JSON stands for. */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + " in this JSON", e);
    }
  }

  /** An empty object. */
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A value as a tree. */
  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The numbers of an array. */
  static List<Integer> integers(JsonNode array) {
    return MAPPER.convertValue(array, new TypeReference<List<Integer>>() {});
  }

  /** The texts of an array. */
  static List<String> strings(JsonNode array) {
    return MAPPER.convertValue(array, new TypeReference<List<String>>() {});
  }

  /** The value of a type that some of an object's fields stand for. */
  static <T> T part(ObjectNode object, Class<T> type) {
    try {
      return PARTS.forType(type).readValue(object);
    } catch (IOException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + " in this JSON", e);
    }
  }

  private static final class FloatsWriter extends JsonSerializer<float[]> {
    @Override
    public void serialize(float[] values, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray(values, values.length);
      for (float value : values) {
        if (Float.isFinite(value)) {
          out.writeNumber(value);
        } else {
          out.writeNull();
        }
      }
      out.writeEndArray();
    }
  }

  private static final class FloatsReader extends JsonDeserializer<float[]> {
    @Override
    public float[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
      float[] values = new float[64];
      int count = 0;
      for (JsonToken of = in.nextToken(); of != JsonToken.END_ARRAY; of = in.nextToken()) {
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = of == JsonToken.VALUE_NULL ? Float.NaN : in.getFloatValue();
      }
      return Arrays.copyOf(values, count);
    }
  }

  private static final class FloatWriter extends JsonSerializer<Float> {
    @Override
    public void serialize(Float value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Float.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  private static final class FloatReader extends JsonDeserializer<Float> {
    @Override
    public Float deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.getFloatValue();
    }

    @Override
    public Float getNullValue(DeserializationContext context) {
      return Float.NaN;
    }
  }

  private static final class DoubleWriter extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  private static final class DoubleReader extends JsonDeserializer<Double> {
    @Override
    public Double deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.getDoubleValue();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}
