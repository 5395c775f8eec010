// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String ROOT = "dev.espalier.dashboard";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    @Test
    void shouldKeepItsLayers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("domain")
                .definedBy(ROOT + ".domain..")
                .layer("application")
                .definedBy(ROOT + ".application..")
                .layer("adapter")
                .definedBy(ROOT + ".adapter..")
                .whereLayer("adapter")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("application")
                .mayOnlyBeAccessedByLayers("adapter")
                .check(CLASSES);
    }

    @Test
    void shouldKeepFrameworksOutOfTheInnerLayers() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".domain..", ROOT + ".application..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.micrometer..",
                        "ai.djl..",
                        "io.minio..",
                        "jakarta..",
                        "org.apache.kafka..",
                        "dev.espalier.transport..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepAdaptersApart() {
        slices().matching(ROOT + ".adapter.(*)..").should().notDependOnEachOther().check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldInjectThroughConstructors() {
        NO_CLASSES_SHOULD_USE_FIELD_INJECTION.check(CLASSES);
    }

    @Test
    void shouldNotPrintNorLogThroughTheJdk() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CLASSES);
    }

    @Test
    void shouldReadTheClockInAdaptersOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".domain..", ROOT + ".application..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .check(CLASSES);
    }
}
