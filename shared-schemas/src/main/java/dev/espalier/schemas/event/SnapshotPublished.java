// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of an iteration are trained and stored.
 *
 * @param weights w_t, with its mask applied
 * @param mask m_t; absent where every weight is active
 * @param metrics of w_t
 * @param pairs the (p, q) pairs to measure; the first one is shown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotPublished(
        RunId runId,
        int iteration,
        ArtifactRef weights,
        @Nullable ArtifactRef mask,
        List<Metric> metrics,
        List<NormPair> pairs)
        implements IterationEvent {

    /**
     * Name of the metric that is 1 where training diverged, so that w_t are the weights that it was
     * left with. The controller then goes back to an earlier mask, or ends the run as failed.
     */
    public static final String DIVERGED = "diverged";

    public SnapshotPublished {
        IterationEvent.requireValid(iteration);
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        pairs = pairs == null ? NormPair.DEFAULTS : NormPair.distinct(pairs);
    }

    public boolean hasDiverged() {
        return metrics.stream().anyMatch(m -> m.name().equals(DIVERGED) && m.value() != 0);
    }

    @Override
    public String kind() {
        return "snapshot";
    }
}
