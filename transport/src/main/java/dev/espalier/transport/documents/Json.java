// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * How records become JSON and back. Fields are written in the order of the record, without white
 * space, so equal records are equal bytes.
 */
public final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    /** Reads what JSON has not, to say which field it is in. */
    private static final JsonMapper LENIENT =
            MAPPER.rebuild().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private Json() {}

    /**
     * A tree from its text. Numbers may be other than finite, see {@link #notFinite}.
     *
     * @throws InvalidDocumentException if the text is not JSON; the message says where
     */
    public static JsonNode tree(byte[] json) {
        try {
            return LENIENT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException(JsonErrors.syntax(e, json), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which field is not a finite number, and what to do; empty if all are finite. */
    public static Optional<String> notFinite(JsonNode tree) {
        return JsonErrors.notFinite(tree);
    }

    /** A new mapper that the caller may configure further. */
    public static ObjectMapper mapper() {
        return MAPPER.copy();
    }

    /**
     * A record from its tree.
     *
     * @throws InvalidDocumentException if the tree does not fit the record, or the record refuses
     *     its values; the message is the record's own
     */
    public static <T> T read(JsonNode tree, Class<T> record) {
        try {
            return MAPPER.treeToValue(tree, record);
        } catch (ValueInstantiationException e) {
            Throwable refusal = e.getCause() == null ? e : e.getCause();
            throw new InvalidDocumentException(String.valueOf(refusal.getMessage()), e);
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException(JsonErrors.mapping(e), e);
        }
    }

    /**
     * A record from text that is too long for a tree.
     *
     * @param json is not closed
     * @throws InvalidDocumentException as for a tree
     */
    public static <T> T read(InputStream json, Class<T> record) throws IOException {
        try {
            return MAPPER.readerFor(record)
                    .without(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .readValue(json);
        } catch (ValueInstantiationException e) {
            Throwable refusal = e.getCause() == null ? e : e.getCause();
            throw new InvalidDocumentException(String.valueOf(refusal.getMessage()), e);
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException(JsonErrors.mapping(e), e);
        }
    }

    /**
     * Writes the canonical bytes of a record of the contract, without holding them.
     *
     * @param out is not closed
     */
    public static void write(OutputStream out, Object value) throws IOException {
        MAPPER.writer().without(StreamWriteFeature.AUTO_CLOSE_TARGET).writeValue(out, value);
    }

    /** The canonical bytes of a record of the contract. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of the contract can be written", e);
        }
    }
}
