// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPath("target/classes");

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
                .check(CLASSES);
    }

    @Test
    void shouldKeepKafkaAndTheStoreApart() {
        noClasses()
                .that()
                .resideInAPackage("..objects..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..events..", "org.apache.kafka..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("..events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..objects..", "io.minio..")
                .check(CLASSES);
        slices().matching("dev.espalier.transport.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
