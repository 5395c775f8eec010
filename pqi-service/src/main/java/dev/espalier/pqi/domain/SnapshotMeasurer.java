// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import java.io.IOException;
import java.util.List;

/**
 * Measures a snapshot in one pass: the power sums of every maskable tensor and of each of its rows,
 * from which every PQ Index of every scope follows. Reads ascend through the file; besides the
 * result, the memory is one chunk per thread. The number of threads is no part of the result.
 */
public final class SnapshotMeasurer {

    private final PowerSumKernel kernel;
    private final int threads;

    public SnapshotMeasurer(PowerSumKernel kernel) {
        this(kernel, 1);
    }

    /**
     * @param threads at most this many sum; the caller waits
     */
    public SnapshotMeasurer(PowerSumKernel kernel, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("%d threads cannot measure".formatted(threads));
        }
        this.kernel = kernel;
        this.threads = threads;
    }

    /** With the Gini index where the whole grid is wanted. */
    public MeasuredSnapshot measure(ByteSource weights, Mask mask, List<NormPair> pairs)
            throws IOException {
        return measure(weights, mask, pairs, NormPair.haveGrid(pairs));
    }

    /**
     * @param weights is not closed
     * @param pairs the defaults are taken where there are none
     * @param gini whether the Gini index is wanted
     * @throws dev.espalier.schemas.tensor.SafetensorsException if the weights are no safetensors
     *     file, or the mask is not theirs
     * @throws NonFiniteWeightException if an active weight is NaN or infinite
     * @throws PowerSumOverflowException if a sum is too large for a double
     */
    public MeasuredSnapshot measure(
            ByteSource weights, Mask mask, List<NormPair> pairs, boolean gini) throws IOException {
        SnapshotLayout layout =
                SnapshotLayout.of(SafetensorsHeader.read(weights), mask, pairs, gini);
        SnapshotSums sums = new SnapshotSums(layout);
        addChunks(weights, mask, layout, 0, layout.chunkCount(), sums);
        return sums.finish();
    }

    /**
     * The sums of some chunks, for {@link SnapshotSums#add}.
     *
     * @param weights is read ascending, from the first of these chunks on
     * @param layout of these weights under this mask
     * @throws NonFiniteWeightException as for a whole snapshot
     * @throws PowerSumOverflowException as for a whole snapshot
     */
    public List<TensorPart> measure(
            ByteSource weights, Mask mask, SnapshotLayout layout, long fromChunk, long toChunk)
            throws IOException {
        SnapshotSums sums = new SnapshotSums(layout);
        addChunks(weights, mask, layout, fromChunk, toChunk, sums);
        return sums.parts(fromChunk, toChunk);
    }

    private void addChunks(
            ByteSource weights,
            Mask mask,
            SnapshotLayout layout,
            long fromChunk,
            long toChunk,
            SnapshotSums sums)
            throws IOException {
        ChunkPass pass = new ChunkPass(weights, mask, layout, sums, kernel, fromChunk, toChunk);
        pass.run((int) Math.min(threads, Math.max(1, toChunk - fromChunk)));
    }
}
