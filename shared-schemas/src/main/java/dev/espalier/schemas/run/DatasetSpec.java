// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Which data to train on.
 *
 * @param name such as {@code mnist} or {@code wave-source}; the trainer knows the list
 * @param dir the folder on the trainer's machine that holds the files; absent for generated data
 * @param validation share of the training images, above 0 and below 1, that is held out, chosen by
 *     the seed of the run; absent to hold out none
 * @param augment mirror and crop training images at random; absent to do what the paper does with
 *     this data set
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetSpec(
        String name, @Nullable String dir, @Nullable Double validation, @Nullable Boolean augment) {

    public DatasetSpec {
        if (name.isBlank()) {
            throw new IllegalArgumentException("dataset.name is blank");
        }
        if (validation != null && !(validation > 0 && validation < 1)) {
            throw new IllegalArgumentException(
                    "dataset.validation is " + validation + ", not between 0 and 1");
        }
    }

    public DatasetSpec(String name, @Nullable String dir) {
        this(name, dir, null, null);
    }

    @JsonCreator
    static DatasetSpec of(
            @JsonProperty("name") String name,
            @JsonProperty("dir") @Nullable String dir,
            @JsonProperty("validation") @Nullable Double validation,
            @JsonProperty("augment") @Nullable Boolean augment) {
        return new DatasetSpec(name, dir, validation, augment);
    }
}
