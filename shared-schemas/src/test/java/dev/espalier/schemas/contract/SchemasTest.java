// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SchemasTest {

    private static final Set<String> CONDITIONS = Set.of("if", "then", "else");
    private static final Path SCHEMAS = Path.of("src/main/resources/schemas");

    static List<Path> files() {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldHaveOneSchemaPerDocument() {
        Set<String> wanted =
                Stream.concat(
                                Document.all().map(Document::schemaFile),
                                Stream.of("common.schema.json"))
                        .collect(Collectors.toSet());

        assertThat(files().stream().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldObeyTheMetaSchemaAndBeNamedLikeItsFile(Path file) {
        JsonNode schema = Document.read(file);
        var meta =
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(
                                SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(schema)).isEmpty();
        assertThat(schema.path("$schema").asText())
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asText()).isEqualTo(Document.ID_PREFIX + file.getFileName());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldDescribeEveryProperty(Path file) {
        requireDescriptions(file.getFileName().toString(), Document.read(file));
    }

    private static void requireDescriptions(String where, JsonNode node) {
        node.path("properties")
                .forEachEntry(
                        (name, property) -> {
                            if (!property.has("const")) {
                                assertThat(property.has("description") || property.has("$ref"))
                                        .as("%s of %s has a description", name, where)
                                        .isTrue();
                            }
                        });
        node.forEachEntry(
                (name, child) -> {
                    // A condition names properties that are described elsewhere.
                    if (!CONDITIONS.contains(name)) {
                        requireDescriptions(where + "/" + name, child);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    policy            | ratio-for-sap              | 'ratio'
                    policy            | rule-unknown               | fixed-ratio
                    policy            | unknown-field              | 'beta'
                    policy            | ratio-missing              | 'ratio'
                    policy            | name-missing               | 'name'
                    run-specification | training-unknown-field     | 'lr'
                    run-specification | own-trainer-without-dataset | 'dataset'
                    """,
            quoteCharacter = '"')
    void shouldNameTheCulpritAndNothingElse(String document, String example, String culprit) {
        Path file = Path.of("examples/invalid", document, example + ".json");

        List<String> errors = Document.named(document).errors(Document.read(file));

        assertThat(errors).singleElement().asString().contains(culprit);
    }
}
