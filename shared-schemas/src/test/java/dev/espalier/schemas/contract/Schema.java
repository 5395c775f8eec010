// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of a JSON Schema.
 *
 * @param file where it is, for references
 */
record Schema(Path file, JsonNode node) {

    Schema child(String name) {
        return new Schema(file, node.path(name));
    }

    /** The part that a reference leads to, and that a nullable part allows beside null. */
    Schema resolved() {
        if (node.has("$ref")) {
            String[] parts = node.get("$ref").asText().split("#", 2);
            Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
            String pointer = parts.length == 2 ? parts[1] : "";
            return new Schema(target, Document.read(target).at(pointer)).resolved();
        }
        for (JsonNode choice : node.path("oneOf")) {
            if (allowsNull() && !isNull(choice)) {
                return new Schema(file, choice).resolved();
            }
        }
        return this;
    }

    Set<String> names(String part) {
        Set<String> names = new TreeSet<>();
        resolved().node.path(part).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The values of a closed list. */
    Set<String> values() {
        Set<String> values = new TreeSet<>();
        resolved().node.path("enum").forEach(value -> values.add(value.asText()));
        return values;
    }

    /** Whether a field may be absent, or null. */
    boolean isOptional(String field) {
        for (JsonNode required : node.path("required")) {
            if (required.asText().equals(field)) {
                return child("properties").child(field).allowsNull();
            }
        }
        return true;
    }

    /** What holds in addition where a property has a value. */
    Optional<Schema> when(String property, String value) {
        for (JsonNode condition : node.path("allOf")) {
            if (condition.at("/if/properties/" + property + "/const").asText().equals(value)) {
                return Optional.of(new Schema(file, condition.path("then")));
            }
        }
        return Optional.empty();
    }

    private boolean allowsNull() {
        if (isNull(node)) {
            return true;
        }
        for (JsonNode choice : node.path("oneOf")) {
            if (isNull(choice)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNull(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.asText().equals("null")) {
            return true;
        }
        for (JsonNode each : type) {
            if (each.asText().equals("null")) {
                return true;
            }
        }
        return false;
    }
}
