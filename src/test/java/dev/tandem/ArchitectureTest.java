package dev.tandem;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
      Map.of(
          "run", Set.of(),
          "coordinator", Set.of("run"),
          "nn", Set.of(),
          "training", Set.of("run", "nn"),
          "store", Set.of("run"),
          "live", Set.of("run"),
          "metrics", Set.of("run"),
          "web", Set.of("run", "live"));

  private static final Set<String> PACKAGES = IMPORTS.keySet();

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

  @Test
  void deepLearning4j_isUsedByTrainingAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tandem.training..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.tandem.training..", "dev.tandem.nn..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void training_knowsNothingOfTheWeb() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tandem.training..", "dev.tandem.nn..", "dev.tandem.run..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("dev.tandem.training..", "dev.tandem.nn..", "dev.tandem.run..")
        // The one client: it fetches datasets.
        .and()
        .haveNameNotMatching("dev\\.tandem\\.training\\.Download(\\$.*)?")
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
