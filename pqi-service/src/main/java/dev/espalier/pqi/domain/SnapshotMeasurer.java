// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.Maskable;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures a snapshot in one pass: the power sums of every maskable tensor and of each of its rows,
 * from which every PQ Index of every scope follows. Reads ascend through the file; besides the
 * result, the memory is one chunk.
 */
public final class SnapshotMeasurer {

    private static final int ALIGNMENT = 64;

    private final PowerSumKernel kernel;

    public SnapshotMeasurer(PowerSumKernel kernel) {
        this.kernel = kernel;
    }

    /**
     * @param weights is not closed
     * @param pairs the defaults are taken where there are none
     * @throws dev.espalier.schemas.tensor.SafetensorsException if the weights are no safetensors
     *     file, or the mask is not theirs
     * @throws NonFiniteWeightException if an active weight is NaN or infinite
     * @throws PowerSumOverflowException if a sum is too large for a double
     */
    public MeasuredSnapshot measure(ByteSource weights, Mask mask, List<NormPair> pairs)
            throws IOException {
        List<NormPair> wanted = NormPair.distinct(pairs);
        List<Double> exponents = NormPair.exponents(wanted);
        SafetensorsHeader header = SafetensorsHeader.read(weights);
        mask.requireFits(header, "the mask");
        List<TensorInfo> maskable = new ArrayList<>();
        List<ExcludedTensor> excluded = new ArrayList<>();
        for (TensorInfo tensor : header.tensors()) {
            String refusal = Maskable.refusal(tensor);
            if (refusal == null) {
                maskable.add(tensor);
            } else {
                excluded.add(new ExcludedTensor(tensor.name(), refusal));
            }
        }
        List<MeasuredTensor> measured = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(largestChunk(maskable), ALIGNMENT);
            LaneSums lanes = new LaneSums(exponents);
            ChunkMask bits = new ChunkMask();
            for (TensorInfo tensor : maskable) {
                TensorSums sums = new TensorSums(tensor, exponents);
                stream(weights, tensor, mask.tensor(tensor.name()), buffer, bits, sums, lanes);
                measured.add(sums.finish());
            }
        }
        MeasuredSnapshot snapshot = new MeasuredSnapshot(exponents, wanted, measured, excluded);
        requireFinite(snapshot);
        return snapshot;
    }

    private static long largestChunk(List<TensorInfo> tensors) {
        return tensors.stream()
                .mapToLong(
                        tensor ->
                                Math.min(tensor.count(), WeightChunk.MOST_WEIGHTS)
                                        * tensor.dtype().bytes())
                .max()
                .orElse(0);
    }

    private void stream(
            ByteSource weights,
            TensorInfo tensor,
            @Nullable MaskTensor mask,
            MemorySegment buffer,
            ChunkMask bits,
            TensorSums sums,
            LaneSums lanes)
            throws IOException {
        int elementBytes = tensor.dtype().bytes();
        for (long first = 0; first < tensor.count(); first += WeightChunk.MOST_WEIGHTS) {
            int count = (int) Math.min(WeightChunk.MOST_WEIGHTS, tensor.count() - first);
            MemorySegment bytes = buffer.asSlice(0, (long) count * elementBytes);
            weights.read(tensor.offset() + first * elementBytes, bytes);
            if (mask != null) {
                bits.load(mask, first, count);
            }
            WeightChunk chunk = new WeightChunk(tensor.dtype(), bytes, mask == null ? null : bits);
            sums.add(first, count, chunk, kernel, lanes);
        }
    }

    private static void requireFinite(MeasuredSnapshot snapshot) {
        List<Double> sums = snapshot.global().sums();
        for (int e = 0; e < sums.size(); e++) {
            if (!Double.isFinite(sums.get(e))) {
                throw new PowerSumOverflowException(
                        "all weights together", snapshot.exponents().get(e));
            }
        }
    }
}
