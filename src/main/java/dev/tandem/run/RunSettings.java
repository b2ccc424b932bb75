package dev.tandem.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a run is to do: settings that all variants share, and the variants. In JSON they are one
 * flat object. Each field's own bounds are in {@code run-request.schema.json}; {@link #faults()}
 * holds the rules between fields.
 *
 * @param variants two or more networks to train side by side
 */
@JsonDeserialize(using = RunSettings.Reader.class)
public record RunSettings(
    @JsonUnwrapped DataSettings data,
    @JsonUnwrapped NetworkSettings network,
    @JsonUnwrapped OptimizerSettings optimizer,
    @JsonUnwrapped Schedule schedule,
    @JsonUnwrapped Watching watching,
    List<Variant> variants) {

  /** Most iterations of one training: each keeps its loss in memory. */
  static final long MAX_ITERATIONS = 1_000_000;

  /** Most iterations of all trainings of a run together, for the same reason. */
  static final long MAX_RUN_ITERATIONS = 4_000_000;

  /** Most weights and biases of one network; if there is memory for it, those who train say. */
  static final long MAX_PARAMETERS = 10_000_000;

  /** Most parameters × examples seen by one training: about a day on one slow core. */
  static final double MAX_WORK = 1e14;

  /** Most trainings of one variant, as the schema has it. */
  public static final int MAX_REPEATS = 20;

  public RunSettings {
    variants =
        List.copyOf(
            VariantNames.given(
                new VariantSettings(network, optimizer, schedule.batchSize()), variants));
  }

  /** From flat JSON, of runs of before some field was there too: what it doesn't say is default. */
  private static RunSettings read(ObjectNode said) {
    ObjectNode flat = RunSchema.defaults();
    // Runs of before there was a lens don't say it, and were not looked into.
    flat.put("lens", false);
    flat.setAll(said);
    return new RunSettings(
        Json.part(flat, DataSettings.class),
        Json.part(flat, NetworkSettings.class),
        Json.part(flat, OptimizerSettings.class),
        Json.part(flat, Schedule.class),
        Json.part(flat, Watching.class),
        Json.part(flat, Variants.class).variants());
  }

  /** What a run does of which nothing is said. */
  public static RunSettings defaults() {
    return read(RunSchema.defaults());
  }

  private record Variants(List<Variant> variants) {}

  /** The same with other things to be seen. */
  public RunSettings with(Watching other) {
    return new RunSettings(data, network, optimizer, schedule, other, variants);
  }

  /** A variant by its name. */
  public Variant variant(String name) {
    return variants.stream()
        .filter(variant -> variant.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no variant " + name));
  }

  /** What a training of a variant is to do. */
  public TrainingPlan plan(TrainingId training) {
    return plan(variant(training.variant()), training.repeat());
  }

  TrainingPlan plan(Variant variant, int repeat) {
    VariantSettings own = base().with(variant.patch());
    return new TrainingPlan(
        data,
        own.network(),
        network.hiddenLayers(),
        own.optimizer(),
        own.batchSize(),
        schedule.epochs(),
        schedule.seedOf(repeat),
        watching);
  }

  /** Where a variant's field is mended: in the variant if that has it, else in the run. */
  public String fieldOf(int variant, String name) {
    return variants.get(variant).patch().containsKey(name)
        ? "variants[%d].%s".formatted(variant, name)
        : name;
  }

  /** What variants may change, as it is where they don't. */
  VariantSettings base() {
    return new VariantSettings(network, optimizer, schedule.batchSize());
  }

  /** The same by the fields' names, values as in a {@link Variant#patch}. */
  public Map<String, Object> shared() {
    return Variant.patchOf(base().fields());
  }

  /**
   * What is wrong between fields that are each in their bounds.
   *
   * @return messages by the field where each is best mended; empty if there is nothing wrong
   */
  public Map<String, String> faults() {
    return SettingsFaults.of(this);
  }

  /** Jackson writes unwrapped records, but reads none. */
  static final class Reader extends JsonDeserializer<RunSettings> {
    @Override
    public RunSettings deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      return read(in.<ObjectNode>readValueAsTree());
    }
  }
}
