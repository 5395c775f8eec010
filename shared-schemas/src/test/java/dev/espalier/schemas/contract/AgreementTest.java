// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each record has the fields of its schema, and each field is optional in both or in neither. */
final class AgreementTest {

    private static final Path SCHEMAS = Path.of("src/main/resources/schemas");

    /** Every run begins in the phase regularisation: a policy cannot stop there. */
    private static final String NARROWER = "stop.phase";

    private final List<String> differences = new ArrayList<>();

    static Stream<Document> documents() {
        return Document.all();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldHaveTheSameFieldsInRecordAndSchema(Document document) {
        compare("", document.record(), schemaOf(document));

        assertThat(differences).as("Differences of record and schema of %s", document).isEmpty();
    }

    /** Lists among them: a record reads an absent list as an empty one, or as the usual one. */
    @ParameterizedTest
    @MethodSource("documents")
    void shouldReadEachExampleWithoutOneOfItsOptionalFields(Document document) throws IOException {
        Schema schema = schemaOf(document);
        for (Path file : document.examples("valid")) {
            for (String field : schema.names("properties")) {
                ObjectNode json = (ObjectNode) Document.read(file);
                json.remove(field);

                if (schema.isOptional(field) && document.errors(json).isEmpty()) {
                    Object record = document.parse(json);
                    assertThat(document.errors(Document.MAPPER.valueToTree(record)))
                            .as("%s without %s, written again", file, field)
                            .isEmpty();
                }
            }
        }
    }

    private static Schema schemaOf(Document document) {
        Path file = SCHEMAS.resolve(document.schemaFile());
        return new Schema(file, Document.read(file));
    }

    private void compare(String at, Type type, Schema given) {
        Schema schema = given.resolved();
        switch (type) {
            case ParameterizedType list when schema.node().has("items") ->
                    compare(at, list.getActualTypeArguments()[0], schema.child("items"));
            case Class<?> closed when closed.isEnum() -> compareValues(at, closed, schema);
            case Class<?> choice when choice.isAnnotationPresent(JsonSubTypes.class) ->
                    compareChoices(at, choice, schema);
            case Class<?> record when record.isRecord() && schema.node().has("properties") ->
                    compareFields(at, record, schema, Set.of());
            default -> {
                // A value: its examples show what the record and the schema accept.
            }
        }
    }

    private void compareFields(String at, Class<?> record, Schema schema, Set<String> others) {
        RecordShape shape = RecordShape.of(record);
        Set<String> described = new TreeSet<>(schema.names("properties"));
        described.removeAll(others);
        Set<String> optional = new TreeSet<>();
        described.stream()
                .filter(schema::isOptional)
                .filter(name -> !shape.hasUsualList(name))
                .forEach(optional::add);

        differ(at, "fields", shape.types().keySet(), described);
        differ(at, "optional fields", shape.optional(), optional);
        shape.types()
                .forEach(
                        (name, type) -> {
                            if (described.contains(name)) {
                                String where = at.isEmpty() ? name : at + "." + name;
                                compare(where, type, schema.child("properties").child(name));
                            }
                        });
    }

    private void compareChoices(String at, Class<?> choice, Schema schema) {
        String property = choice.getAnnotation(JsonTypeInfo.class).property();
        JsonSubTypes.Type[] choices = choice.getAnnotation(JsonSubTypes.class).value();

        Set<String> names = new TreeSet<>();
        for (JsonSubTypes.Type each : choices) {
            names.add(each.name());
            schema.when(property, each.name())
                    .ifPresentOrElse(
                            then ->
                                    compareFields(
                                            at + "." + each.name(),
                                            each.value(),
                                            then.resolved(),
                                            Set.of(property)),
                            () -> differences.add("%s: no schema of %s".formatted(at, each)));
        }
        differ(at, "choices", names, schema.child("properties").child(property).values());
    }

    private void compareValues(String at, Class<?> closed, Schema schema) {
        Set<String> values = new TreeSet<>();
        Arrays.stream(closed.getEnumConstants())
                .map(Document.MAPPER::<JsonNode>valueToTree)
                .forEach(value -> values.add(value.asText()));
        if (at.endsWith(NARROWER)) {
            values.retainAll(schema.values());
        }
        differ(at, "values", values, schema.values());
    }

    private void differ(String at, String what, Set<String> record, Set<String> schema) {
        if (!record.equals(schema)) {
            differences.add(
                    "%s of %s: the record has %s, the schema has %s"
                            .formatted(what, at.isEmpty() ? "the document" : at, record, schema));
        }
    }
}
