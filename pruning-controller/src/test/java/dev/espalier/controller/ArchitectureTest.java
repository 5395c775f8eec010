// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.controller");

    @Test
    void shouldDependInwardsOnly() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("domain")
                .definedBy("dev.espalier.controller.domain..")
                .layer("application")
                .definedBy("dev.espalier.controller.application..")
                .layer("adapter")
                .definedBy("dev.espalier.controller.adapter..")
                .whereLayer("adapter")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("application")
                .mayOnlyBeAccessedByLayers("adapter")
                .whereLayer("domain")
                .mayOnlyBeAccessedByLayers("application", "adapter")
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheDomainFreeOfEverythingButTheContract() {
        noClasses()
                .that()
                .resideInAPackage("dev.espalier.controller.domain..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..",
                        "jdk.incubator.vector..",
                        "org.jspecify..",
                        "dev.espalier.schemas..",
                        "dev.espalier.controller.domain..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepFrameworksInTheAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.espalier.controller.adapter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.minio..",
                        "jakarta..",
                        "ai.djl..",
                        "org.apache.kafka..",
                        "org.eclipse..",
                        "dev.espalier.transport.events..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepAdaptersApart() {
        slices().matching("dev.espalier.controller.adapter.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("dev.espalier.controller.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldInjectByConstructorOnly() {
        noFields().should().beAnnotatedWith("jakarta.inject.Inject").check(CLASSES);
    }

    @Test
    void shouldReadTheClockInAdaptersOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.espalier.controller.adapter..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
    }

    @Test
    void shouldNotPrint() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(CLASSES);
    }
}
