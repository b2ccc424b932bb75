package dev.tandem;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows that the root package's documentation promises. */
@AnalyzeClasses(packages = "dev.tandem", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_import_onlyAlongTheArrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("root")
          .definedBy("dev.tandem")
          .layer("run")
          .definedBy("dev.tandem.run")
          .layer("training")
          .definedBy("dev.tandem.training")
          .layer("live")
          .definedBy("dev.tandem.live")
          .layer("metrics")
          .definedBy("dev.tandem.metrics")
          .layer("web")
          .definedBy("dev.tandem.web")
          .whereLayer("root")
          .mayOnlyAccessLayers("run", "training", "live", "metrics", "web")
          .whereLayer("run")
          .mayNotAccessAnyLayer()
          .whereLayer("training")
          .mayOnlyAccessLayers("run")
          .whereLayer("live")
          .mayOnlyAccessLayers("run")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("run")
          .whereLayer("web")
          .mayOnlyAccessLayers("run", "live");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("dev.tandem.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule deepLearning4j_isUsedByTrainingAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.tandem.training")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule training_knowsNothingOfTheWeb =
      noClasses()
          .that()
          .resideInAnyPackage("dev.tandem.training", "dev.tandem.run")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.core.http..");

  @ArchTest
  static final ArchRule everyClass_livesInAKnownPackage =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.tandem",
              "dev.tandem.run",
              "dev.tandem.training",
              "dev.tandem.live",
              "dev.tandem.metrics",
              "dev.tandem.web");
}
