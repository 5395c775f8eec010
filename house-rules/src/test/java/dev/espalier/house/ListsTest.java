// SPDX-License-Identifier: Apache-2.0
package dev.espalier.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages that list what the code has: models, data sets, rules of policies, topics, meters. */
final class ListsTest {

    private static final String TRAINER = "trainer-service/src/main/java/dev/espalier/trainer/";
    private static final String TRAINER_PAGE = "trainer-service/README.md";
    private static final Set<String> EXAMPLES_OF_NEW_CLASSES = Set.of("TinyMlp", "RunNoted");
    private static final String SCHEMAS = "shared-schemas/src/main/";

    @Test
    void shouldDescribeEachModel() {
        List<String> models =
                names(
                        TRAINER + "domain/model/",
                        "static final String (?:NAME|[A-Z]+\\d\\w*) = \"(.+?)\"");

        assertThat(models).contains("mlp", "resnet18");
        assertThat(withoutARow(TRAINER_PAGE, models)).isEmpty();
    }

    @Test
    void shouldDescribeEachDataSet() {
        List<String> sets =
                Stream.of("domain/wave/WaveSource.java", "domain/data/FileDatasets.java")
                        .flatMap(
                                file ->
                                        names(
                                                TRAINER + file,
                                                "public static final String \\w+ = \"(.+?)\"")
                                                .stream())
                        .toList();

        assertThat(sets).contains("mnist", "wave-source");
        assertThat(withoutARow(TRAINER_PAGE, sets)).isEmpty();
    }

    @Test
    void shouldDescribeEachRuleOfAPolicy() {
        List<String> rules =
                names(
                        SCHEMAS + "java/dev/espalier/schemas/policy/PruningRule.java",
                        "Type\\(value = .*, name = \"(.+?)\"\\)");

        assertThat(rules).contains("sap", "fixed-ratio");
        assertThat(withoutARow("pruning-controller/README.md", rules)).isEmpty();
        assertThat(rules)
                .as("Rules that shared-schemas/README.md names with their fields")
                .allMatch(Repository.text("shared-schemas/README.md")::contains);
    }

    @Test
    void shouldNameTheServiceOfEachDeadLetterTopic() {
        List<String> topics =
                names(
                        SCHEMAS + "java/dev/espalier/schemas/Topic.java",
                        "^    [A-Z_]+\\(\"(espalier\\.[a-z-]+)\"");

        assertThat(topics).contains("espalier.runs");
        assertThat(withoutARow("docs/failures.md", topics.stream().map(it -> it + ".dlq").toList()))
                .isEmpty();
    }

    /** Micrometer writes {@code _} for dots, and adds the unit and {@code _total}. */
    @Test
    void shouldListEachMeter() {
        String page = "docs/metrics.md";
        List<String> listed =
                Repository.find("^\\| `(espalier_[a-z_]+)` \\|", Repository.text(page)).stream()
                        .map(row -> row.group(1))
                        .toList();
        List<String> meters =
                Repository.files(file -> Repository.isMainJava(file) && file.contains("/meters/"))
                        .stream()
                        .flatMap(file -> names(file, "\"(espalier[._][a-z._]+)\"").stream())
                        .map(name -> name.replace('.', '_'))
                        .toList();

        assertThat(meters).isNotEmpty();
        assertThat(meters)
                .as("Meters in packages named meters, as %s lists them", page)
                .allMatch(
                        meter ->
                                Stream.of("", "_total", "_seconds", "_bytes", "_bytes_total")
                                        .anyMatch(unit -> listed.contains(meter + unit)));
    }

    /** A renamed class would leave a reader of the pages for contributors without a way. */
    @Test
    void shouldNameClassesThatExist() {
        Set<String> classes =
                Repository.files(file -> file.endsWith(".java")).stream()
                        .flatMap(
                                file ->
                                        names(file, "(?:class|record|interface|enum) (\\w+)")
                                                .stream())
                        .collect(Collectors.toSet());
        classes.addAll(EXAMPLES_OF_NEW_CLASSES);

        for (String page : List.of("CONTRIBUTING.md", "docs/development.md")) {
            assertThat(
                            Repository.find(
                                            "`(?:[a-z]\\S*/)?([A-Z][a-z0-9]+[A-Z]\\w*)(?:\\.\\w+)?`",
                                            Repository.text(page))
                                    .stream()
                                    .map(match -> match.group(1)))
                    .as("Classes that %s names", page)
                    .isNotEmpty()
                    .allMatch(classes::contains);
        }
    }

    /** The names that no row of a table in the page begins with. */
    private static List<String> withoutARow(String page, List<String> names) {
        String firstCells =
                Repository.find("^\\|([^|]*)\\|", Repository.text(page)).stream()
                        .map(row -> row.group(1))
                        .collect(Collectors.joining());
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (!firstCells.contains("`" + name + "`")) {
                missing.add("%s has no row for `%s`".formatted(page, name));
            }
        }
        return missing;
    }

    /** What the group of a pattern matches in a file, or in the files of a folder. */
    private static List<String> names(String place, String pattern) {
        return Repository.files(file -> file.startsWith(place)).stream()
                .flatMap(file -> Repository.find(pattern, Repository.text(file)).stream())
                .map(match -> match.group(1))
                .toList();
    }
}
