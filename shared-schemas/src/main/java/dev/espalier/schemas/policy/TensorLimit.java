// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Bounds for some tensors: the rule says how much is pruned, a limit says how much may be pruned.
 *
 * @param tensors a name pattern; {@code *} stands for any characters
 * @param maxRatio the largest fraction of a group's active weights to prune at once: 0 to below 1
 * @param keepAtLeast number of weights to keep in every group, in place of the policy's own number
 * @param keepFraction fraction of a group's weights, pruned ones included, to keep: 0 to 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TensorLimit(
        String tensors,
        @Nullable Double maxRatio,
        @Nullable Long keepAtLeast,
        @Nullable Double keepFraction) {

    public TensorLimit {
        if (tensors.isBlank()) {
            throw new IllegalArgumentException(
                    "limits.tensors is blank: a name pattern is wanted, such as 'fc1.*'");
        }
        if (maxRatio != null && !(maxRatio >= 0 && maxRatio < 1)) {
            throw new IllegalArgumentException(
                    "limits.maxRatio of '%s' is %s: it must lie from 0 to below 1"
                            .formatted(tensors, maxRatio));
        }
        if (keepAtLeast != null && keepAtLeast < 0) {
            throw new IllegalArgumentException(
                    "limits.keepAtLeast of '%s' is %d, below 0".formatted(tensors, keepAtLeast));
        }
        if (keepFraction != null && !(keepFraction >= 0 && keepFraction <= 1)) {
            throw new IllegalArgumentException(
                    "limits.keepFraction of '%s' is %s: it is a fraction from 0 to 1"
                            .formatted(tensors, keepFraction));
        }
        if (maxRatio == null && keepAtLeast == null && keepFraction == null) {
            throw new IllegalArgumentException(
                    "limits of '%s' limit nothing: give maxRatio, keepAtLeast or keepFraction"
                            .formatted(tensors));
        }
    }
}
