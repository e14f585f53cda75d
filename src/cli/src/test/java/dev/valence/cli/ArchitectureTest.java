package dev.valence.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** Which room may use which: text ← model ← stream ← cli, and text, model ← training ← cli. */
@AnalyzeClasses(packages = "dev.valence", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule ROOMS =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.valence..")
          .layer("schemas")
          .definedBy("dev.valence.schema..")
          .layer("text")
          .definedBy("dev.valence.text..")
          .layer("model")
          .definedBy("dev.valence.model..")
          .layer("stream")
          .definedBy("dev.valence.stream..")
          .layer("training")
          .definedBy("dev.valence.training..")
          .layer("cli")
          .definedBy("dev.valence.cli..")
          .whereLayer("schemas")
          .mayOnlyBeAccessedByLayers("stream", "cli")
          .whereLayer("text")
          .mayOnlyBeAccessedByLayers("model", "stream", "training", "cli")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("stream", "training", "cli")
          .whereLayer("stream")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture();

  @ArchTest
  static final ArchRule SCHEMAS_USE_NOTHING_OF_VALENCE =
      noClasses()
          .that()
          .resideInAPackage("dev.valence.schema..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are of other rooms",
                  type ->
                      type.getPackageName().startsWith("dev.valence.")
                          && !type.getPackageName().startsWith("dev.valence.schema")));

  @ArchTest
  static final ArchRule TEXT_NEEDS_NEITHER_TENSORFLOW_NOR_KAFKA_NOR_AVRO =
      noClasses()
          .that()
          .resideInAPackage("dev.valence.text..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..", "org.apache.kafka..", "org.apache.avro..");

  @ArchTest
  static final ArchRule MODEL_NEEDS_NO_KAFKA =
      noClasses()
          .that()
          .resideInAPackage("dev.valence.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..");

  @ArchTest
  static final ArchRule TRAINING_NEEDS_NO_KAFKA_STREAMS =
      noClasses()
          .that()
          .resideInAPackage("dev.valence.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka.streams..");

  @ArchTest
  static final ArchRule STREAM_LEAVES_TENSORFLOW_TO_THE_MODEL =
      noClasses()
          .that()
          .resideInAPackage("dev.valence.stream..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..");
}
