// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.EventType;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A kind of document: its name, which is that of its schema and its examples, and its record. */
record Document(String name, Class<?> record) {

    static final String ID_PREFIX = "https://espalier.dev/schemas/";

    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(
                    VersionFlag.V202012,
                    builder ->
                            builder.schemaMappers(
                                    mappers -> mappers.mapPrefix(ID_PREFIX, "classpath:schemas/")));

    static Document of(EventType type) {
        String resource = type.schemaResource();
        return new Document(
                resource.substring("/schemas/".length(), resource.indexOf(".schema.json")),
                type.record());
    }

    static Stream<Document> all() {
        return Stream.concat(
                Arrays.stream(EventType.values()).map(Document::of),
                Stream.of(
                        new Document("policy", Policy.class),
                        new Document("run-specification", RunSpecification.class),
                        new Document("measurement", Measurement.class),
                        new Document("decision", DecisionRecord.class)));
    }

    static Document named(String name) {
        return all().filter(document -> document.name.equals(name)).findFirst().orElseThrow();
    }

    String schemaFile() {
        return name + ".schema.json";
    }

    List<String> errors(JsonNode json) {
        return FACTORY
                .getSchema(SchemaLocation.of(ID_PREFIX + schemaFile()))
                .validate(json)
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    Object parse(JsonNode json) throws JsonProcessingException {
        return MAPPER.treeToValue(json, record);
    }

    /** The examples of a kind, {@code valid} or {@code invalid}. */
    List<Path> examples(String kind) {
        try (Stream<Path> files = Files.list(Path.of("examples", kind, name))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
