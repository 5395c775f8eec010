// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.espalier.schemas.ForeignText;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A JSON Schema of the contract. All of them are resources of shared-schemas; none is downloaded.
 */
public final class Schema {

    private static final String ID_PREFIX = "https://espalier.dev/schemas/";
    private static final int MOST_ERRORS_SHOWN = 5;
    private static final int MOST_BYTES = 400;

    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(
                    SpecVersion.VersionFlag.V202012,
                    builder ->
                            builder.schemaMappers(
                                    mappers -> mappers.mapPrefix(ID_PREFIX, "classpath:schemas/")));

    private final JsonSchema schema;

    private Schema(JsonSchema schema) {
        this.schema = schema;
    }

    /**
     * @param resource such as {@code /schemas/policy.schema.json}
     */
    public static Schema of(String resource) {
        String file = resource.substring(resource.lastIndexOf('/') + 1);
        return new Schema(FACTORY.getSchema(SchemaLocation.of(ID_PREFIX + file)));
    }

    /** The URI that names the schema in an event's {@code dataschema}. */
    public static String uri(String resource) {
        return ID_PREFIX + resource.substring(resource.lastIndexOf('/') + 1);
    }

    /** What is wrong with the document, in one line; empty where nothing is. */
    public Optional<String> check(JsonNode document) {
        var errors = schema.validate(document);
        if (errors.isEmpty()) {
            return Optional.empty();
        }
        String shown =
                errors.stream()
                        .limit(MOST_ERRORS_SHOWN)
                        .map(Schema::text)
                        .distinct()
                        .collect(Collectors.joining("; "));
        int hidden = errors.size() - MOST_ERRORS_SHOWN;
        return Optional.of(hidden > 0 ? shown + "; and " + hidden + " more" : shown);
    }

    private static String text(ValidationMessage error) {
        JsonNode value = error.getInstanceNode();
        String got =
                value != null && value.isValueNode()
                        ? ", got " + ForeignText.escaped(value.toString())
                        : "";
        return ForeignText.escaped(error.getMessage(), MOST_BYTES) + got;
    }
}
