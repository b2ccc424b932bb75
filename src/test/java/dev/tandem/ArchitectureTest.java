package dev.tandem;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.dl4j.BackendUnavailableException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The arrows that the root package's documentation promises. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tandem");

  /** What each package, with those below it, may import of the others. */
  private static final Map<String, Set<String>> IMPORTS =
      Map.ofEntries(
          entry("run", Set.of()),
          entry("coordinator", Set.of("run")),
          entry("data", Set.of("run")),
          entry("nn", Set.of()),
          entry("lens", Set.of("run", "nn")),
          entry("dl4j", Set.of("run", "nn", "lens")),
          entry("training", Set.of("run", "data", "nn", "lens", "dl4j")),
          entry("store", Set.of("run")),
          entry("live", Set.of("run")),
          entry("metrics", Set.of("run")),
          entry("web", Set.of("run", "live")));

  private static final Set<String> PACKAGES = IMPORTS.keySet();

  /** What knows of no pages and requests. */
  private static final String[] NOT_OF_THE_WEB =
      Stream.of("run", "coordinator", "data", "nn", "lens", "dl4j", "training")
          .map(ArchitectureTest::withThoseBelow)
          .toArray(String[]::new);

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void package_importsOnlyAlongTheArrows(String name) {
    String[] allowed =
        Stream.concat(Stream.of(name), IMPORTS.get(name).stream())
            .map(ArchitectureTest::withThoseBelow)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(withThoseBelow(name))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tandem..").or(resideInAnyPackage(allowed)))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.tandem.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** What a server is told on its command line, and why it can't start; the rest is training's. */
  @Test
  void program_knowsNothingOfNetworks_butTheChoiceOfABackend() {
    noClasses()
        .that()
        .resideInAPackage("dev.tandem")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.tandem.nn..", "dev.tandem.lens..", "dev.tandem.dl4j..")
                .and(not(belongToAnyOf(BackendChoice.class, BackendUnavailableException.class))))
        .check(CLASSES);
  }

  @Test
  void nativeLibraries_areUsedWhereTheyBelong() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tandem.dl4j..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.tandem.dl4j..", "dev.tandem.nn..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void trainings_knowNothingOfTheWeb() {
    noClasses()
        .that()
        .resideInAnyPackage(NOT_OF_THE_WEB)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(NOT_OF_THE_WEB)
        // The one client: it fetches datasets.
        .and()
        .haveNameNotMatching("dev\\.tandem\\.data\\.Download(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.core.http..")
        .check(CLASSES);
  }

  @Test
  void everyClass_livesInAKnownPackage() {
    String[] known =
        Stream.concat(
                Stream.of("dev.tandem"), PACKAGES.stream().map(ArchitectureTest::withThoseBelow))
            .toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(CLASSES);
  }

  private static String withThoseBelow(String name) {
    return "dev.tandem." + name + "..";
  }
}
