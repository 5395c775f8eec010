// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a run. It is the key of every message and a part of every object key, so it is
 * limited to what Kafka, S3, file systems and Kubernetes labels all accept.
 */
public record RunId(@JsonValue String value) implements Comparable<RunId> {

    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RunId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a run id: 1 to 63 of a-z, 0-9 and '-', not '-' at either end"
                            .formatted(ForeignText.escaped(value)));
        }
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
