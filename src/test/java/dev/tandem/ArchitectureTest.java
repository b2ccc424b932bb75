package dev.tandem;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tandem.dl4j.BackendChoice;
import dev.tandem.dl4j.BackendUnavailableException;
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
        .definedBy("dev.tandem.run..")
        .layer("nn")
        .definedBy("dev.tandem.nn..")
        .layer("lens")
        .definedBy("dev.tandem.lens..")
        .layer("dl4j")
        .definedBy("dev.tandem.dl4j..")
        .layer("training")
        .definedBy("dev.tandem.training..")
        .layer("store")
        .definedBy("dev.tandem.store..")
        .layer("live")
        .definedBy("dev.tandem.live..")
        .layer("metrics")
        .definedBy("dev.tandem.metrics..")
        .layer("web")
        .definedBy("dev.tandem.web..")
        .whereLayer("root")
        .mayOnlyAccessLayers("run", "dl4j", "training", "store", "live", "metrics", "web")
        .whereLayer("root")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("run")
        .mayNotAccessAnyLayer()
        .whereLayer("nn")
        .mayNotAccessAnyLayer()
        .whereLayer("lens")
        .mayOnlyAccessLayers("run", "nn")
        .whereLayer("dl4j")
        .mayOnlyAccessLayers("run", "nn", "lens")
        .whereLayer("training")
        .mayOnlyAccessLayers("run", "nn", "lens", "dl4j")
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

  /** What a server is told on its command line, and why it can't start; the rest is training's. */
  @Test
  void program_knowsOfDeepLearning4j_onlyTheChoiceOfABackend() {
    noClasses()
        .that()
        .resideInAPackage("dev.tandem")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.tandem.dl4j..")
                .and(not(belongToAnyOf(BackendChoice.class, BackendUnavailableException.class))))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.tandem.(*)..").should().beFreeOfCycles().check(CLASSES);
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
  void training_knowsNothingOfTheWeb() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tandem.training..",
            "dev.tandem.dl4j..",
            "dev.tandem.lens..",
            "dev.tandem.nn..",
            "dev.tandem.run..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tandem.training..",
            "dev.tandem.dl4j..",
            "dev.tandem.lens..",
            "dev.tandem.nn..",
            "dev.tandem.run..")
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
    classes()
        .should()
        .resideInAnyPackage(
            "dev.tandem",
            "dev.tandem.run..",
            "dev.tandem.nn..",
            "dev.tandem.lens..",
            "dev.tandem.dl4j..",
            "dev.tandem.training..",
            "dev.tandem.store..",
            "dev.tandem.live..",
            "dev.tandem.metrics..",
            "dev.tandem.web..")
        .check(CLASSES);
  }
}
