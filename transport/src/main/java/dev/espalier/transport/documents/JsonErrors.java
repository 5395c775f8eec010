// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.schemas.ForeignText;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is wrong with a JSON text, in words that do not come from a library. */
final class JsonErrors {

    private static final int EXCERPT = 24;

    private JsonErrors() {}

    /** Says where a text is not JSON. */
    static String syntax(JsonProcessingException error, byte[] text) {
        if (error instanceof StreamConstraintsException) {
            return "too deep, or with a number or a string that is too long";
        }
        JsonLocation at = error.getLocation();
        if (at == null) {
            return "unreadable";
        }
        int from = Math.clamp(at.getByteOffset() - EXCERPT / 2, 0, text.length);
        int to = Math.min(text.length, from + EXCERPT);
        return "at line %d, column %d, near '%s'"
                .formatted(
                        at.getLineNr(),
                        at.getColumnNr(),
                        ForeignText.escaped(new String(text, from, to - from, UTF_8)));
    }

    /** Says which field does not fit its record. */
    static String mapping(JsonProcessingException error) {
        if (error instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            return "the field %s has another type than the contract says"
                    .formatted(ForeignText.escaped(path(mapping)));
        }
        return "it has another type than the contract says";
    }

    private static String path(JsonMappingException error) {
        return error.getPath().stream()
                .map(
                        reference ->
                                reference.getFieldName() == null
                                        ? "[" + reference.getIndex() + "]"
                                        : "." + reference.getFieldName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    /**
     * Finds a number that is not finite: JSON does not allow it, but some writers write NaN, or
     * 1e999.
     *
     * @return which field has which value, and what to do
     */
    static Optional<String> notFinite(JsonNode tree) {
        return notFinite("", tree, tree);
    }

    private static Optional<String> notFinite(String path, JsonNode node, JsonNode parent) {
        if (node.isFloatingPointNumber()) {
            return Double.isFinite(node.doubleValue())
                    ? Optional.empty()
                    : Optional.of(told(path, node, parent));
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            Optional<String> found = notFinite(path + "." + field.getKey(), field.getValue(), node);
            if (found.isPresent()) {
                return found;
            }
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                Optional<String> found = notFinite(path + "[" + i + "]", node.get(i), node);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static String told(String path, JsonNode number, JsonNode parent) {
        JsonNode name = parent.path("name");
        boolean isMetric = path.endsWith(".value") && name.isTextual() && parent.has("split");
        return "%s is %s, which JSON has no number for%s"
                .formatted(
                        isMetric
                                ? "metric " + ForeignText.escaped(name.asText())
                                : "the field " + ForeignText.escaped(path.substring(1)),
                        number.doubleValue(),
                        isMetric ? "\nTry: leave the metric out" : "");
    }
}
