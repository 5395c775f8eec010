// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.espalier.schemas.ForeignText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of a safetensors header, read token by token, without a tree and reflection. */
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
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final String file;
    private final JsonParser parser;
    private final HeaderLimits limits;

    private HeaderParser(String file, JsonParser parser, HeaderLimits limits) {
        this.file = file;
        this.limits = limits;
        this.parser = parser;
    }

    static Parsed parse(String file, byte[] json, HeaderLimits limits) {
        if (json.length == 0 || json[0] != '{') {
            throw new SafetensorsException(
                    "%s: its header does not begin with '{'\nTry: check that it is a safetensors file"
                            .formatted(file));
        }
        try (JsonParser parser = JSON.createParser(json)) {
            return new HeaderParser(file, parser, limits).header();
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(
                    "%s: its header is not valid JSON at byte %d"
                            .formatted(
                                    file,
                                    e.getLocation() == null ? 0 : e.getLocation().getByteOffset()),
                    e);
        } catch (IOException e) {
            throw new SafetensorsException("%s: its header cannot be read".formatted(file), e);
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
                throw bad("names '%s' twice".formatted(shown(name)));
            }
            if (name.length() > HeaderLimits.NAME_CHARACTERS) {
                throw bad(
                        "has a name of %d characters, at most %d are allowed: '%s'"
                                .formatted(
                                        name.length(), HeaderLimits.NAME_CHARACTERS, shown(name)));
            }
            if (entries.size() == limits.tensors()) {
                throw bad("has more than %d tensors".formatted(limits.tensors()));
            }
            if (name.equals(SafetensorsHeader.METADATA)) {
                metadata = metadata();
            } else {
                entries.add(entry(name));
            }
        }
        if (parser.nextToken() != null) {
            throw bad("continues after its closing brace");
        }
        return new Parsed(metadata, entries);
    }

    private Map<String, String> metadata() throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "__metadata__");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__." + shown(key));
            if (metadata.put(key, parser.getText()) != null) {
                throw bad("names '%s' twice in __metadata__".formatted(shown(key)));
            }
        }
        return metadata;
    }

    private Entry entry(String name) throws IOException {
        @Nullable DType dtype = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        Set<String> seen = new HashSet<>();
        expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor '" + shown(name) + "'");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            if (!seen.add(field)) {
                throw bad("has %s of '%s' twice".formatted(shown(field), shown(name)));
            }
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(name);
                case "shape" -> shape = integers(name, field);
                case "data_offsets" -> offsets = integers(name, field);
                default ->
                        throw bad(
                                "has the unknown field '%s' in '%s'"
                                        .formatted(shown(field), shown(name)));
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw bad("lacks dtype, shape or data_offsets of '%s'".formatted(shown(name)));
        }
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw bad("has the data_offsets %s of '%s'".formatted(offsets, shown(name)));
        }
        try {
            TensorInfo.byteSize(name, dtype, shape);
        } catch (SafetensorsException e) {
            throw new SafetensorsException("%s: %s".formatted(file, e.getMessage()), e);
        }
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private DType dtype(String name) throws IOException {
        expect(parser.currentToken(), JsonToken.VALUE_STRING, "the dtype of '" + shown(name) + "'");
        String text = parser.getText();
        return DType.named(text)
                .orElseThrow(
                        () ->
                                bad(
                                        "has the unknown dtype %s of '%s'"
                                                .formatted(shown(text), shown(name))));
    }

    private List<Long> integers(String name, String field) throws IOException {
        List<Long> values = new ArrayList<>();
        expect(parser.currentToken(), JsonToken.START_ARRAY, field + " of '" + shown(name) + "'");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.currentToken(),
                    JsonToken.VALUE_NUMBER_INT,
                    field + " of '" + shown(name) + "'");
            long value = parser.getLongValue();
            if (value < 0 || values.size() == MAX_RANK) {
                throw bad(
                        "has the %s of '%s' with %s"
                                .formatted(
                                        field,
                                        shown(name),
                                        value < 0 ? value : "too many numbers"));
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

    private static String shown(String foreign) {
        return ForeignText.escaped(foreign);
    }

    private SafetensorsException bad(String what) {
        return new SafetensorsException("%s: its header %s".formatted(file, what));
    }
}
