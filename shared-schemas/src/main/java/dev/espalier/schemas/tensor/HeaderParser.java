// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of a safetensors header, read token by token: no tree, no reflection, no surprises. */
final class HeaderParser {

    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {

        TensorInfo info(long dataOffset) {
            return new TensorInfo(name, dtype, shape, dataOffset + begin);
        }
    }

    record Parsed(Map<String, String> metadata, List<Entry> entries) {}

    private static final int MAX_RANK = 64;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(4)
                                    .maxStringLength((int) SafetensorsHeader.MAX_HEADER_BYTES)
                                    .maxNameLength((int) SafetensorsHeader.MAX_HEADER_BYTES)
                                    .build())
                    .build();

    private final String file;
    private final JsonParser parser;

    private HeaderParser(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Parsed parse(String file, byte[] json) {
        if (json.length == 0 || json[0] != '{') {
            throw new SafetensorsException(
                    "%s: its header does not begin with '{'\nMaybe it is no safetensors file"
                            .formatted(file));
        }
        try (JsonParser parser = JSON.createParser(json)) {
            return new HeaderParser(file, parser).header();
        } catch (IOException e) {
            throw new SafetensorsException(
                    "%s: its header is no valid JSON: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Parsed header() throws IOException {
        Map<String, String> metadata = Map.of();
        List<Entry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!seen.add(name)) {
                throw bad("names '%s' twice".formatted(name));
            }
            if (name.equals(SafetensorsHeader.METADATA)) {
                metadata = metadata();
            } else {
                entries.add(entry(name));
            }
        }
        if (parser.nextToken() != null) {
            throw bad("goes on after its closing brace");
        }
        return new Parsed(metadata, entries);
    }

    private Map<String, String> metadata() throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "__metadata__");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__." + key);
            if (metadata.put(key, parser.getText()) != null) {
                throw bad("names '%s' twice in __metadata__".formatted(key));
            }
        }
        return metadata;
    }

    private Entry entry(String name) throws IOException {
        @Nullable DType dtype = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        Set<String> seen = new HashSet<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor '" + name + "'");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (!seen.add(field)) {
                throw bad("has %s of '%s' twice".formatted(field, name));
            }
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(name);
                case "shape" -> shape = integers(name, field);
                case "data_offsets" -> offsets = integers(name, field);
                default -> throw bad("has the unknown field '%s' in '%s'".formatted(field, name));
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw bad("lacks dtype, shape or data_offsets of '%s'".formatted(name));
        }
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw bad("has the data_offsets %s of '%s'".formatted(offsets, name));
        }
        try {
            TensorInfo.byteSize(name, dtype, shape);
        } catch (SafetensorsException e) {
            throw new SafetensorsException("%s: %s".formatted(file, e.getMessage()), e);
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private DType dtype(String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, "the dtype of '" + name + "'");
        String text = parser.getText();
        return DType.named(text)
                .orElseThrow(() -> bad("has the unknown dtype %s of '%s'".formatted(text, name)));
    }

    private List<Long> integers(String name, String field) throws IOException {
        List<Long> values = new ArrayList<>();
        expect(parser.currentToken(), JsonToken.START_ARRAY, field + " of '" + name + "'");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, field + " of '" + name + "'");
            long value = parser.getLongValue();
            if (value < 0 || values.size() == MAX_RANK) {
                throw bad(
                        "has the %s of '%s' with %s"
                                .formatted(field, name, value < 0 ? value : "too many numbers"));
            }
            values.add(value);
        }
        return values;
    }

    private void expect(@Nullable JsonToken actual, JsonToken wanted, String where) {
        if (actual != wanted) {
            throw bad("has %s where %s should be %s".formatted(actual, where, wanted));
        }
    }

    private SafetensorsException bad(String what) {
        return new SafetensorsException("%s: its header %s".formatted(file, what));
    }
}
