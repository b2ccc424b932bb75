package dev.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows that the root package's documentation promises. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tandem");

  @Test
  void packages_import_onlyAlongTheArrows() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("dev.tandem")
        .layer("run")
        .definedBy("dev.tandem.run")
        .layer("data")
        .definedBy("dev.tandem.data")
        .layer("training")
        .definedBy("dev.tandem.training")
        .layer("store")
        .definedBy("dev.tandem.store")
        .layer("live")
        .definedBy("dev.tandem.live")
        .layer("metrics")
        .definedBy("dev.tandem.metrics")
        .layer("web")
        .definedBy("dev.tandem.web")
        .whereLayer("root")
        .mayOnlyAccessLayers("run", "data", "training", "store", "live", "metrics", "web")
        .whereLayer("run")
        .mayNotAccessAnyLayer()
        .whereLayer("data")
        .mayOnlyAccessLayers("run")
        .whereLayer("training")
        .mayOnlyAccessLayers("run", "data")
        .whereLayer("store")
        .mayOnlyAccessLayers("run")
        .whereLayer("live")
        .mayOnlyAccessLayers("run")
        .whereLayer("metrics")
        .mayOnlyAccessLayers("run")
        .whereLayer("web")
        .mayOnlyAccessLayers("run", "live")
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
        .resideOutsideOfPackage("dev.tandem.training")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void training_knowsNothingOfTheWeb() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tandem.training", "dev.tandem.data", "dev.tandem.run")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("dev.tandem.training", "dev.tandem.data", "dev.tandem.run")
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
    classes()
        .should()
        .resideInAnyPackage(
            "dev.tandem",
            "dev.tandem.run",
            "dev.tandem.data",
            "dev.tandem.training",
            "dev.tandem.store",
            "dev.tandem.live",
            "dev.tandem.metrics",
            "dev.tandem.web")
        .check(CLASSES);
  }
}
