// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.gini.MagnitudeBins;
import dev.espalier.schemas.sparsity.GiniIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of all tensors of a snapshot while they come in, by chunks or by parts, in any order.
 */
public final class SnapshotSums {

    private final SnapshotLayout layout;
    private final List<TensorSums> tensors = new ArrayList<>();

    public SnapshotSums(SnapshotLayout layout) {
        this.layout = layout;
        layout.tensors().forEach(info -> tensors.add(new TensorSums(info, layout.exponents())));
    }

    TensorSums tensor(int index) {
        return tensors.get(index);
    }

    /** What was summed of some chunks, by tensor. */
    public List<TensorPart> parts(long fromChunk, long toChunk) {
        List<TensorPart> parts = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            long start = layout.firstChunk(i);
            long from = Math.max(fromChunk, start);
            long to = Math.min(toChunk, layout.firstChunk(i + 1));
            if (from < to) {
                parts.add(tensors.get(i).part((int) (from - start), (int) (to - start)));
            }
        }
        return parts;
    }

    /** Takes parts that were summed elsewhere, each chunk once. */
    public void add(List<TensorPart> parts) {
        for (TensorPart part : parts) {
            for (int i = 0; i < tensors.size(); i++) {
                if (layout.tensors().get(i).name().equals(part.tensor())) {
                    tensors.get(i).add(part);
                }
            }
        }
    }

    private @Nullable GiniIndex gini() {
        MagnitudeBins all = MagnitudeBins.NONE;
        for (TensorSums tensor : tensors) {
            all = all.plus(tensor.magnitudes());
        }
        return all.gini(layout.tensors().stream().anyMatch(info -> info.dtype() == DType.F64));
    }

    /**
     * To be called once, when everything is here.
     *
     * @throws PowerSumOverflowException if a sum is too large for a double
     */
    public MeasuredSnapshot finish() {
        List<MeasuredTensor> measured = tensors.stream().map(TensorSums::finish).toList();
        MeasuredSnapshot snapshot =
                new MeasuredSnapshot(
                        layout.exponents(), layout.pairs(), measured, layout.excluded(), gini());
        List<Double> sums = snapshot.global().sums();
        for (int e = 0; e < sums.size(); e++) {
            if (!Double.isFinite(sums.get(e))) {
                throw new PowerSumOverflowException(
                        "all weights together", snapshot.exponents().get(e));
            }
        }
        return snapshot;
    }
}
