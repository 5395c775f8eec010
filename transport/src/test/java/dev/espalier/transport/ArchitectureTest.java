// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    private final JavaClasses classes =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.transport");

    @Test
    void shouldKnowTheContractAndNoService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.espalier.trainer..",
                        "dev.espalier.pqi..",
                        "dev.espalier.controller..",
                        "dev.espalier.dashboard..",
                        "dev.espalier.local..",
                        "dev.espalier.cli..",
                        "io.quarkus..",
                        "io.smallrye..")
                .check(classes);
    }

    @Test
    void shouldKeepKafkaAndTheStoreApart() {
        noClasses()
                .that()
                .resideInAPackage("..objects..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..events..", "org.apache.kafka..")
                .check(classes);
        noClasses()
                .that()
                .resideInAPackage("..events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..objects..", "io.minio..")
                .check(classes);
        slices().matching("dev.espalier.transport.(*)..").should().beFreeOfCycles().check(classes);
    }
}
