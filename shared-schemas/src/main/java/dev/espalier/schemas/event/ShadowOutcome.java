// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow policy would have done, on the same measurement.
 *
 * @param name of the shadow
 * @param pruned number of weights that the shadow would have pruned
 * @param overlap number of them that the policy prunes, too; present with the verdict prune
 * @param tensors the same numbers for each tensor; empty with any other verdict
 * @param note why the shadow has no result
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShadowOutcome(
        String name,
        long pruned,
        @Nullable Long overlap,
        List<TensorOutcome> tensors,
        @Nullable String note) {

    /**
     * @param pruned number of weights of the tensor that the shadow would have pruned
     * @param overlap number of them that the policy prunes, too
     */
    public record TensorOutcome(String tensor, long pruned, long overlap) {}

    public ShadowOutcome {
        tensors = List.copyOf(tensors);
    }

    ShadowOutcome withoutTensors() {
        return new ShadowOutcome(name, pruned, overlap, List.of(), note);
    }
}
