// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.EventType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ExamplesTest {

    private static final Path EXAMPLES = Path.of("examples");
    private static final Path BEYOND_SCHEMA = EXAMPLES.resolve("beyond-schema.txt");
    private static final Path RELEASED = EXAMPLES.resolve("released.sha256");

    static Stream<Document> documents() {
        return Document.all();
    }

    static Stream<Arguments> valid() {
        return examples("valid");
    }

    static Stream<Arguments> invalid() {
        return examples("invalid");
    }

    private static Stream<Arguments> examples(String kind) {
        return Document.all()
                .flatMap(
                        document ->
                                document.examples(kind).stream()
                                        .map(file -> Arguments.of(document, file)));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldHaveExamplesOfBothKinds(Document document) {
        assertThat(document.examples("valid")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(document.examples("invalid")).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void shouldRoundTripWhatIsValid(Document document, Path file) throws JsonProcessingException {
        JsonNode json = Document.read(file);
        assertThat(document.errors(json)).isEmpty();

        Object record = document.parse(json);
        JsonNode written = Document.MAPPER.valueToTree(record);

        assertThat(document.errors(written)).isEmpty();
        assertThat(document.parse(written)).isEqualTo(record);
        assertThat(Document.MAPPER.writeValueAsBytes(document.parse(written)))
                .isEqualTo(Document.MAPPER.writeValueAsBytes(record));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void shouldRefuseWhatIsInvalid(Document document, Path file) {
        JsonNode json = Document.read(file);
        if (document.errors(json).isEmpty()) {
            assertThatThrownBy(() -> document.parse(json))
                    .isInstanceOf(ValueInstantiationException.class)
                    .cause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .extracting(Throwable::getMessage)
                    .asString()
                    .isNotBlank();
        }
    }

    /** Readers in other languages find the rules in the list. */
    @Test
    void shouldListTheRulesThatNoSchemaExpresses() throws IOException {
        List<String> accepted =
                Document.all()
                        .flatMap(
                                document ->
                                        document.examples("invalid").stream()
                                                .filter(
                                                        file ->
                                                                document.errors(Document.read(file))
                                                                        .isEmpty()))
                        .map(file -> EXAMPLES.resolve("invalid").relativize(file).toString())
                        .toList();

        assertThat(
                        Files.readAllLines(BEYOND_SCHEMA).stream()
                                .filter(line -> !line.startsWith("#"))
                                .map(line -> line.split(": ", 2)[0]))
                .containsExactlyInAnyOrderElementsOf(accepted);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void shouldIgnoreInEventsWhatIsUnknown(Document document, Path file)
            throws JsonProcessingException {
        boolean event =
                Stream.of(EventType.values()).anyMatch(t -> t.record() == document.record());
        ObjectNode json = (ObjectNode) Document.read(file);
        Object known = document.parse(json);

        json.put("fieldOfALaterVersion", 1);

        boolean byPeople = List.of("policy", "run-specification").contains(document.name());
        assertThat(document.errors(json).isEmpty()).isEqualTo(!byPeople);
        if (event) {
            assertThat(document.parse(json)).isEqualTo(known);
        }
    }

    /** What was once published is never edited, and must keep parsing. */
    @Test
    void shouldKeepEveryReleasedExampleAsItWas() throws IOException {
        List<String> released = Files.readAllLines(RELEASED);
        assertThat(released).isNotEmpty();
        for (String line : released) {
            String[] parts = line.split("  ", 2);
            Path file = EXAMPLES.resolve(parts[1]);
            assertThat(file).as("%s was released, it cannot go", file).exists();
            assertThat(Sha256.of(file).hex())
                    .as("%s was released: add another example instead of editing it", file)
                    .isEqualTo(parts[0]);
        }
        List<String> present =
                Document.all()
                        .flatMap(document -> document.examples("valid").stream())
                        .map(file -> EXAMPLES.relativize(file).toString())
                        .toList();
        assertThat(released.stream().map(line -> line.split("  ", 2)[1]))
                .as("every valid example is pinned: sha256sum valid/… >> released.sha256")
                .containsExactlyInAnyOrderElementsOf(present);
    }
}
