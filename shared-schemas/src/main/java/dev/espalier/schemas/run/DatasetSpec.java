// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Which data to train on.
 *
 * @param name such as {@code mnist} or {@code wave-source}; the trainer knows the list
 * @param dir the folder on the trainer's machine that holds the files; absent for generated data
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetSpec(String name, @Nullable String dir) {

    public DatasetSpec {
        if (name.isBlank()) {
            throw new IllegalArgumentException("dataset.name is blank");
        }
    }
}
