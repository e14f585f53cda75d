package dev.valence.stream;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packagesOf = InternalsTest.class, importOptions = DoNotIncludeTests.class)
class InternalsTest {

  @ArchTest
  static final ArchRule kafkasInternalsStayInOneClass =
      noClasses()
          .that(not(belongToAnyOf(CommitHook.class)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..internals..");
}
