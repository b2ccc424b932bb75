package dev.tandem.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names for variants that were given none: what they differ in. */
final class VariantNames {
  private static final int MAX_LENGTH = 40;

  /** That a name has of those that the variant itself doesn't change. */
  private static final int MAX_FIELDS = 2;

  /** Room for a number that makes it unique. */
  private static final int USUAL_LENGTH = MAX_LENGTH - 3;

  /** All that variants could differ in before they could in everything: those keep their names. */
  private static final Set<String> FIRST_FIELDS = Set.of("normalization", "learningRate");

  private final List<Variant> variants;

  /** What each of them is, the fields of the run included. */
  private final List<VariantSettings> settings;

  private final List<ObjectNode> fields;

  private VariantNames(VariantSettings base, List<Variant> variants) {
    this.variants = variants;
    settings = variants.stream().map(variant -> base.with(variant.patch())).toList();
    fields = settings.stream().map(VariantSettings::fields).toList();
  }

  /** The variants with names; those that have one keep it. */
  static List<Variant> given(VariantSettings base, List<Variant> variants) {
    if (variants.stream().noneMatch(variant -> variant.name() == null)) {
      return variants;
    }
    return new VariantNames(base, variants).given();
  }

  private List<Variant> given() {
    Set<String> taken =
        variants.stream().map(Variant::name).filter(Objects::nonNull).collect(Collectors.toSet());
    boolean byNormalization = normalizationsTellApart();
    List<String> differing = differing();
    List<Variant> named = new ArrayList<>();
    for (int i = 0; i < variants.size(); i++) {
      Variant variant = variants.get(i);
      if (variant.name() == null) {
        String name = byNormalization ? normalization(i) : name(i, differing);
        variant = variant.named(unique(name, taken));
      }
      named.add(variant);
    }
    return named;
  }

  private boolean normalizationsTellApart() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < variants.size(); i++) {
      Variant variant = variants.get(i);
      boolean isFirst =
          FIRST_FIELDS.containsAll(variant.patch().keySet())
              && variant.patch().containsKey("normalization");
      String name = variant.name() == null ? normalization(i) : variant.name();
      if (!isFirst || !names.add(name)) {
        return false;
      }
    }
    return true;
  }

  private List<String> differing() {
    List<String> differing = new ArrayList<>();
    for (Iterator<String> fields = this.fields.get(0).fieldNames(); fields.hasNext(); ) {
      String field = fields.next();
      if (this.fields.stream().map(of -> of.get(field)).distinct().count() > 1) {
        differing.add(field);
      }
    }
    return differing;
  }

  /** Of what the variant changes and another has otherwise; of the others' changes if nothing. */
  private String name(int variant, List<String> differing) {
    String own =
        words(variant, differing.stream().filter(variants.get(variant).patch()::containsKey));
    if (!own.isEmpty()) {
      return own;
    }
    if (differing.size() > MAX_FIELDS) {
      return "baseline";
    }
    String others = words(variant, differing.stream());
    return others.isEmpty() ? normalization(variant) : others;
  }

  private String words(int variant, Stream<String> names) {
    ObjectNode of = fields.get(variant);
    return names
        .filter(field -> RunSchema.applies(field, of))
        .map(field -> words(settings.get(variant), field, of.get(field)))
        .collect(Collectors.joining(", "));
  }

  private String normalization(int variant) {
    return settings.get(variant).network().normalization().label();
  }

  private static String words(VariantSettings of, String field, JsonNode value) {
    switch (field) {
      case "activation":
        return of.network().activation().title();
      case "optimizer":
        return of.optimizer().algorithm().title();
      case "dropout":
        return "dropout " + plain(value);
      case "initialScale":
        return "scale " + plain(value);
      case "momentum":
        return "momentum " + plain(value);
      case "weightDecay":
        return "decay " + plain(value);
      case "batchSize":
        return "batches of " + value.intValue();
      case "learningRate":
        return plain(value);
      case "hiddenLayers":
        return of.network().hiddenLayers().stream()
            .map(String::valueOf)
            .collect(Collectors.joining("-"));
      default:
        return value.asText();
    }
  }

  private static String plain(JsonNode number) {
    return BigDecimal.valueOf(number.doubleValue()).stripTrailingZeros().toPlainString();
  }

  private static String unique(String name, Set<String> taken) {
    String cut = name.length() <= MAX_LENGTH ? name : name.substring(0, USUAL_LENGTH - 1) + "…";
    String unique = cut;
    for (int i = 2; !taken.add(unique); i++) {
      unique = (cut.length() <= USUAL_LENGTH ? cut : cut.substring(0, USUAL_LENGTH)) + " " + i;
    }
    return unique;
  }
}
