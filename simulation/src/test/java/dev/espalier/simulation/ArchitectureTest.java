// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.simulation");

    @Test
    void shouldKnowNoBrokerStoreOrEngineThatIsReal() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.minio..",
                        "ai.djl..",
                        "dev.espalier.local..",
                        "org.apache.kafka.clients.consumer.internals..")
                .check(CLASSES);
    }

    @Test
    void shouldTakeTimeAndChanceFromTheSeedAlone() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Simulate")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("dev.espalier.simulation.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
