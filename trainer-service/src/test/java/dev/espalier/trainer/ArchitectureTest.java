// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.trainer");

    @Test
    void shouldHaveLayers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("domain")
                .definedBy("dev.espalier.trainer.domain..")
                .layer("application")
                .definedBy("dev.espalier.trainer.application..")
                .layer("adapter")
                .definedBy("dev.espalier.trainer.adapter..")
                .whereLayer("adapter")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("application")
                .mayOnlyBeAccessedByLayers("adapter")
                .whereLayer("domain")
                .mayOnlyBeAccessedByLayers("application", "adapter")
                .check(CLASSES);
    }

    @Test
    void shouldKeepFrameworksOutOfDomainAndApplication() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.espalier.trainer.domain..", "dev.espalier.trainer.application..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "ai.djl..",
                        "io.minio..",
                        "jakarta..",
                        "org.apache.kafka..",
                        "com.fasterxml..",
                        "dev.espalier.transport..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepAdaptersApart() {
        slices().matching("dev.espalier.trainer.adapter.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("dev.espalier.trainer.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldInjectThroughConstructorsOnly() {
        noFields().should().beAnnotatedWith("jakarta.inject.Inject").check(CLASSES);
    }

    @Test
    void shouldLogInOneWay() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
    }
}
