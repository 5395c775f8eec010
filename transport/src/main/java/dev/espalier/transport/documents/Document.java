// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.Measurement;
import java.io.IOException;
import java.io.InputStream;

/**
 * A kind of document with its schema. What people write may be YAML or JSON, and every error names
 * the document, the field and what is allowed.
 *
 * @param <T> the record that it becomes
 */
public final class Document<T> {

    /** The greatest size of a policy or a run specification, in bytes. */
    public static final int MAX_BYTES = 64 << 10;

    public static final Document<Policy> POLICY =
            new Document<>("policy", Policy.class, "/schemas/policy.schema.json", MAX_BYTES);
    public static final Document<RunSpecification> RUN_SPECIFICATION =
            new Document<>(
                    "run specification",
                    RunSpecification.class,
                    "/schemas/run-specification.schema.json",
                    MAX_BYTES);
    public static final Document<Measurement> MEASUREMENT =
            new Document<>(
                    "measurement",
                    Measurement.class,
                    "/schemas/measurement.schema.json",
                    Integer.MAX_VALUE);
    public static final Document<DecisionRecord> DECISION =
            new Document<>(
                    "decision",
                    DecisionRecord.class,
                    "/schemas/decision.schema.json",
                    Integer.MAX_VALUE);

    private static final ObjectMapper YAML = new YAMLMapper();

    private final String kind;
    private final Class<T> record;
    private final Schema schema;
    private final int maxBytes;

    private Document(String kind, Class<T> record, String schemaResource, int maxBytes) {
        this.kind = kind;
        this.record = record;
        this.schema = Schema.of(schemaResource);
        this.maxBytes = maxBytes;
    }

    /**
     * Reads YAML or JSON (which is YAML, too) as people write it.
     *
     * @param name what error messages call it: a path
     * @throws InvalidDocumentException if it is not a valid document of this kind
     */
    public T readText(String name, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        requireSize(name, bytes);
        JsonNode tree;
        try {
            tree = YAML.readTree(bytes);
        } catch (IOException e) {
            throw invalid(name, e);
        }
        return read(name, tree);
    }

    /**
     * Reads JSON as the services write it.
     *
     * @throws InvalidDocumentException if it is not a valid document of this kind
     */
    public T readJson(String name, byte[] json) {
        requireSize(name, json);
        JsonNode tree;
        try {
            tree = Json.tree(json);
        } catch (InvalidDocumentException e) {
            throw new InvalidDocumentException(
                    "%s is not a valid %s: it is not JSON: %s"
                            .formatted(name, kind, e.getMessage()),
                    e);
        }
        return read(name, tree);
    }

    /**
     * Reads JSON that may be too long for a tree in memory. The record checks it, not the schema.
     *
     * @param json is not closed
     * @throws InvalidDocumentException if it is not a document of this kind
     */
    public T readLongJson(String name, InputStream json) throws IOException {
        try {
            return Json.read(json, record);
        } catch (InvalidDocumentException e) {
            throw invalid(name, e);
        }
    }

    /**
     * Checks a tree that was read already.
     *
     * @throws InvalidDocumentException if it is not a valid document of this kind
     */
    public T read(String name, JsonNode tree) {
        Json.notFinite(tree)
                .or(() -> schema.check(tree))
                .ifPresent(
                        error -> {
                            throw new InvalidDocumentException(
                                    "%s is not a valid %s: %s".formatted(name, kind, error));
                        });
        try {
            return Json.read(tree, record);
        } catch (InvalidDocumentException e) {
            throw invalid(name, e);
        }
    }

    private void requireSize(String name, byte[] bytes) {
        if (bytes.length > maxBytes) {
            throw new InvalidDocumentException(
                    "%s is not a valid %s: it has %d bytes, at most %d are allowed"
                            .formatted(name, kind, bytes.length, maxBytes));
        }
    }

    private InvalidDocumentException invalid(String name, Exception cause) {
        return new InvalidDocumentException(
                "%s is not a valid %s: %s".formatted(name, kind, cause.getMessage()), cause);
    }
}
