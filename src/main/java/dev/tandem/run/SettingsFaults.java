package dev.tandem.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong between settings that are each in their bounds. */
final class SettingsFaults {
  private final RunSettings settings;
  private final List<Variant> variants;

  /** Of the variants' first repeats. */
  private final List<TrainingPlan> plans;

  /** All that a variant may change, as each has it. */
  private final List<ObjectNode> fields;

  /** Messages by the field where each is best mended. */
  private final Map<String, String> faults = new TreeMap<>();

  private SettingsFaults(RunSettings settings) {
    this.settings = settings;
    variants = settings.variants();
    fields =
        variants.stream().map(variant -> settings.base().with(variant.patch()).fields()).toList();
    plans = variants.stream().map(variant -> settings.plan(variant, 1)).toList();
  }

  static Map<String, String> of(RunSettings settings) {
    SettingsFaults found = new SettingsFaults(settings);
    found.duplicateNames();
    found.fieldsOfNobody();
    for (int i = 0; i < found.plans.size(); i++) {
      found.fieldsThatDoNotApply(i);
      found.batchOfOne(i);
      found.bounds(i);
    }
    found.boundOfAll();
    return found.faults;
  }

  private void duplicateNames() {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < variants.size(); i++) {
      Integer other = first.putIfAbsent(variants.get(i).name(), i);
      if (other != null) {
        add(
            inVariant(i, "name"),
            "is \"%s\" like that of variant %d; give each variant a name of its own"
                .formatted(variants.get(i).name(), other + 1));
      }
    }
  }

  /** A default that makes no difference is no fault: nobody need have asked for it. */
  private void fieldsOfNobody() {
    JsonNode said = Json.tree(settings);
    ObjectNode defaults = RunSchema.defaults();
    for (String field : RunSchema.conditionalFields()) {
      boolean usual = said.get(field).asText().equals(defaults.get(field).asText());
      if (!usual && fields.stream().noneMatch(of -> RunSchema.applies(field, of))) {
        add(
            field,
            "applies only where %s, as in no variant of this run"
                .formatted(RunSchema.where(field)));
      }
    }
  }

  private void fieldsThatDoNotApply(int variant) {
    for (String field : RunSchema.conditionalFields()) {
      if (variants.get(variant).patch().containsKey(field)
          && !RunSchema.applies(field, fields.get(variant))) {
        add(
            inVariant(variant, field),
            "applies only where %s, as it isn't in this variant".formatted(RunSchema.where(field)));
      }
    }
  }

  private void batchOfOne(int variant) {
    TrainingPlan plan = plans.get(variant);
    if (!plan.network().normalization().needsTwoExamples()) {
      return;
    }
    int examples = plan.data().trainingExamples();
    int batchSize = plan.batchSize();
    if (batchSize == 1 || examples == 1) {
      add(
          batchSize == 1 ? settings.fieldOf(variant, "batchSize") : "trainingExamples",
          "must be at least 2: batch normalization can't normalize a batch of one");
    } else if (examples % batchSize == 1) {
      add(
          settings.fieldOf(variant, "batchSize"),
          "leaves one example for the last batch of an epoch (%,d = %,d × %,d + 1), and batch normalization can't normalize a batch of one"
              .formatted(examples, examples / batchSize, batchSize));
    }
  }

  private void bounds(int variant) {
    TrainingPlan plan = plans.get(variant);
    if (plan.iterations() > RunSettings.MAX_ITERATIONS) {
      boolean own = variants.get(variant).patch().containsKey("batchSize");
      add(
          own ? inVariant(variant, "batchSize") : "epochs",
          "asks for %,d iterations%s; at most %,d are possible"
              .formatted(
                  plan.iterations(),
                  own ? "" : " with this batch size",
                  RunSettings.MAX_ITERATIONS));
    }
    long parameters = plan.parameters();
    if (parameters > RunSettings.MAX_PARAMETERS) {
      add(
          settings.fieldOf(variant, "hiddenLayers"),
          "make a network of %,d parameters; at most %,d are possible"
              .formatted(parameters, RunSettings.MAX_PARAMETERS));
      return;
    }
    int examples = plan.data().trainingExamples();
    if ((double) parameters * examples * plan.epochs() > RunSettings.MAX_WORK) {
      add(
          "epochs",
          "is too many for a network of %,d parameters and %,d examples; at most %,d are possible"
              .formatted(
                  parameters, examples, (long) (RunSettings.MAX_WORK / parameters / examples)));
    }
  }

  private void boundOfAll() {
    long iterations =
        plans.stream().mapToLong(TrainingPlan::iterations).sum() * settings.schedule().repeats();
    boolean eachIsPossible =
        plans.stream().allMatch(plan -> plan.iterations() <= RunSettings.MAX_ITERATIONS);
    if (eachIsPossible && iterations > RunSettings.MAX_RUN_ITERATIONS) {
      add(
          "repeats",
          "make %,d iterations over all trainings; at most %,d are possible"
              .formatted(iterations, RunSettings.MAX_RUN_ITERATIONS));
    }
  }

  private static String inVariant(int variant, String name) {
    return "variants[" + variant + "]." + name;
  }

  /** The first of a field is enough. */
  private void add(String field, String message) {
    faults.putIfAbsent(field, message);
  }
}
