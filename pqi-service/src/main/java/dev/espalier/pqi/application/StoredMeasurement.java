// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import java.util.List;

/**
 * A document that is in the store. The event follows from it and the snapshot alone, so it is the
 * same however often it is published.
 */
public record StoredMeasurement(Measurement document, ArtifactRef ref) {

    public CompressibilityMeasured event(SnapshotPublished snapshot) {
        PowerSums global = document.global(_ -> true);
        return new CompressibilityMeasured(
                document.runId(),
                document.iteration(),
                snapshot,
                ref,
                document.total(),
                global,
                indices(global),
                document.tensors().stream().map(this::index).toList());
    }

    private CompressibilityMeasured.TensorIndex index(MeasuredTensor tensor) {
        return new CompressibilityMeasured.TensorIndex(
                tensor.tensor(),
                tensor.total(),
                tensor.active(),
                indices(tensor.powerSums(document.exponents())));
    }

    private List<GroupIndex> indices(PowerSums sums) {
        List<NormPair> pairs = CompressibilityMeasured.shown(document.pairs());
        return pairs.stream().map(pair -> GroupIndex.of(sums, pair)).toList();
    }
}
