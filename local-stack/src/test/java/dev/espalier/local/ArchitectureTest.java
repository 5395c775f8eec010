// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.local");

    @Test
    void shouldKnowNoServiceAndNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "jakarta..",
                        "io.minio..",
                        "ai.djl..",
                        "org.junit..",
                        "dev.espalier.trainer..",
                        "dev.espalier.pqi..",
                        "dev.espalier.controller..",
                        "dev.espalier.dashboard..",
                        "dev.espalier.transport..",
                        "dev.espalier.cli..")
                .check(CLASSES);
    }

    @Test
    void shouldConfineTheBrokerToItsClasses() {
        noClasses()
                .that()
                .doNotHaveSimpleName("EmbeddedKafka")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveSimpleName("EmbeddedObjectStore")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.gaul..")
                .check(CLASSES);
    }

    @Test
    void shouldSuperviseWithTheJdkAlone() {
        noClasses()
                .that()
                .haveSimpleName("Supervised")
                .should()
                .dependOnClassesThat(
                        DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("java.."))
                                .and(
                                        DescribedPredicate.not(
                                                JavaClass.Predicates.simpleName("Supervised"))))
                .check(CLASSES);
    }

    @Test
    void shouldNotPrint() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }
}
