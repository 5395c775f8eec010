// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.cli");

    @Test
    void shouldUseOnlyTheDomainsOfTheServices() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.espalier.pqi.application..",
                        "dev.espalier.pqi.adapter..",
                        "dev.espalier.controller.application",
                        "dev.espalier.controller.application.decision..",
                        "dev.espalier.controller.adapter.config..",
                        "dev.espalier.controller.adapter.health..",
                        "dev.espalier.controller.adapter.kafka..",
                        "dev.espalier.controller.adapter.meters..",
                        "dev.espalier.controller.adapter.objectstore..",
                        "dev.espalier.trainer..",
                        "dev.espalier.dashboard..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages("..cli.offline..", "..cli.command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.espalier.pqi..", "dev.espalier.controller..")
                .check(CLASSES);
    }

    @Test
    void shouldKnowNoFrameworkOfTheServices() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.smallrye..", "jakarta..", "ai.djl..")
                .check(CLASSES);
    }

    @Test
    void shouldMeasureAndDecideWithoutAStack() {
        noClasses()
                .that()
                .resideInAPackage("..cli.offline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "io.minio..",
                        "dev.espalier.local..",
                        "dev.espalier.cli.stack..",
                        "dev.espalier.cli.connect..")
                .check(CLASSES);
    }

    @Test
    void shouldSpeakToTheBrokerInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli.connect..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka.clients.producer..", "org.apache.kafka.clients.admin..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCyclesBetweenItsParts() {
        slices().matching("dev.espalier.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli.command..")
                .and()
                .doNotHaveFullyQualifiedName("dev.espalier.cli.Espalier")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..cli.command..")
                .check(CLASSES);
    }

    @Test
    void shouldPrintInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.espalier.cli.console.Terminal")
                .should(ACCESS_STANDARD_STREAMS)
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoMutableStaticState() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }
}
