// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How compressible a snapshot is. It carries the snapshot's event, so that who decides needs no
 * other.
 *
 * @param measurement the full document, {@link dev.espalier.schemas.sparsity.Measurement}
 * @param total number of weights that could be masked
 * @param global power sums over all of them together
 * @param pqi of all of them together, one per pair that is shown
 * @param tensors one entry per tensor that was measured; empty if there are too many for an event
 * @param tensorsInObject if {@code tensors} is empty because the event would be too large: the
 *     number of tensors that the measurement document has
 */
public record CompressibilityMeasured(
        RunId runId,
        int iteration,
        SnapshotPublished snapshot,
        ArtifactRef measurement,
        long total,
        PowerSums global,
        List<GroupIndex> pqi,
        List<TensorIndex> tensors,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer tensorsInObject)
        implements IterationEvent {

    /**
     * @param total number of weights of the tensor
     * @param active number of them that are active
     * @param pqi one per pair that is shown
     */
    public record TensorIndex(String tensor, long total, long active, List<GroupIndex> pqi) {

        public TensorIndex {
            pqi = List.copyOf(pqi);
        }
    }

    private static final int MOST_SHOWN = 16;

    /**
     * The pairs whose indices an event tells, so that it stays small: all of a few, the first two
     * of more than 16. The others follow from the document.
     */
    public static List<NormPair> shown(List<NormPair> pairs) {
        return pairs.size() <= MOST_SHOWN ? pairs : pairs.subList(0, 2);
    }

    public CompressibilityMeasured {
        IterationEvent.requireValid(iteration);
        pqi = List.copyOf(pqi);
        tensors = List.copyOf(tensors);
        TensorsInObject.requireValid(tensors, tensorsInObject);
    }

    /** With all tensors. */
    public CompressibilityMeasured(
            RunId runId,
            int iteration,
            SnapshotPublished snapshot,
            ArtifactRef measurement,
            long total,
            PowerSums global,
            List<GroupIndex> pqi,
            List<TensorIndex> tensors) {
        this(runId, iteration, snapshot, measurement, total, global, pqi, tensors, null);
    }

    /** The same event without its tensors, which the measurement document has. */
    public CompressibilityMeasured withTensorsInObject() {
        return tensors.isEmpty()
                ? this
                : new CompressibilityMeasured(
                        runId,
                        iteration,
                        snapshot,
                        measurement,
                        total,
                        global,
                        pqi,
                        List.of(),
                        tensors.size());
    }

    @Override
    public String kind() {
        return "measurement";
    }
}
