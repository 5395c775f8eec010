// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.espalier.pqi");

    private static Stream<ArchRule> rules() {
        return Stream.of(
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .layer("domain")
                        .definedBy("dev.espalier.pqi.domain..")
                        .layer("application")
                        .definedBy("dev.espalier.pqi.application..")
                        .layer("adapter")
                        .definedBy("dev.espalier.pqi.adapter..")
                        .whereLayer("adapter")
                        .mayNotBeAccessedByAnyLayer()
                        .whereLayer("application")
                        .mayOnlyBeAccessedByLayers("adapter"),
                classes()
                        .that()
                        .resideInAPackage("dev.espalier.pqi.domain..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "jdk.incubator.vector..",
                                "org.jspecify..",
                                "dev.espalier.schemas..",
                                "dev.espalier.pqi.domain.."),
                noClasses()
                        .that()
                        .resideInAPackage("dev.espalier.pqi.application..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.quarkus..",
                                "io.smallrye..",
                                "io.minio..",
                                "jakarta..",
                                "org.eclipse..",
                                "org.apache.kafka.."),
                slices().matching("dev.espalier.pqi.adapter.(*)..").should().notDependOnEachOther(),
                slices().matching("dev.espalier.pqi.(**)").should().beFreeOfCycles(),
                fields().should().notBeAnnotatedWith("jakarta.inject.Inject"),
                NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS,
                NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void shouldHold(ArchRule rule) {
        rule.check(CLASSES);
    }
}
