// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.CompressibilityMeasured.TensorIndex;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Joins what was measured on each tensor with what was decided for it. */
final class Tensors {

    private Tensors() {}

    /** In the order of the measurement; then those that only the decision names. */
    static List<TensorView> of(
            @Nullable CompressibilityMeasured measured, @Nullable PruningDecided decision) {
        Map<String, TensorCount> decided = new LinkedHashMap<>();
        if (decision != null) {
            decision.tensors().forEach(count -> decided.put(count.tensor(), count));
        }
        List<TensorView> views = new ArrayList<>();
        if (measured != null) {
            for (TensorIndex index : measured.tensors()) {
                TensorCount count = decided.remove(index.tensor());
                views.add(
                        new TensorView(
                                index.tensor(),
                                index.total(),
                                index.active(),
                                count == null ? null : Long.valueOf(count.pruned()),
                                IterationHistory.ratio(index.active(), index.total()),
                                index.pqi()));
            }
        }
        for (TensorCount count : decided.values()) {
            views.add(
                    new TensorView(
                            count.tensor(), null, count.active(), count.pruned(), null, List.of()));
        }
        return List.copyOf(views);
    }
}
