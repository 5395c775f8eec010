// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.pqi.domain.kernel.WeightChunk;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.Maskable;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be measured of a snapshot: its chunks, numbered through all tensors in the order of
 * the file. It follows from the header and the pairs alone, so every replica numbers them alike.
 */
public final class SnapshotLayout {

    /**
     * @param tensor index of its tensor among those that are measured
     * @param first index of its first weight in the tensor, a multiple of 64
     * @param offset of its first byte in the file
     */
    record Chunk(int tensor, long first, int count, long offset) {}

    private final List<NormPair> pairs;
    private final boolean gini;
    private final List<Double> exponents;
    private final List<TensorInfo> tensors;
    private final List<ExcludedTensor> excluded;
    private final long dataOffset;
    private final long endOfFile;

    /** Number of the first chunk of each tensor, and after them that of all chunks. */
    private final long[] starts;

    private SnapshotLayout(
            SafetensorsHeader header,
            List<NormPair> pairs,
            boolean gini,
            List<TensorInfo> tensors,
            List<ExcludedTensor> excluded) {
        this.dataOffset = header.dataOffset();
        this.endOfFile =
                dataOffset + header.tensors().stream().mapToLong(TensorInfo::byteSize).sum();
        this.pairs = pairs;
        this.gini = gini;
        this.exponents = NormPair.exponents(pairs);
        this.tensors = tensors;
        this.excluded = excluded;
        this.starts = new long[tensors.size() + 1];
        for (int i = 0; i < tensors.size(); i++) {
            starts[i + 1] = starts[i] + chunks(tensors.get(i));
        }
    }

    /** With the Gini index where the whole grid is wanted. */
    public static SnapshotLayout of(SafetensorsHeader header, Mask mask, List<NormPair> pairs) {
        return of(header, mask, pairs, NormPair.haveGrid(pairs));
    }

    /**
     * @param pairs the defaults are taken where there are none
     * @param gini whether the Gini index is wanted
     * @throws dev.espalier.schemas.tensor.SafetensorsException if the mask is not for these weights
     */
    public static SnapshotLayout of(
            SafetensorsHeader header, Mask mask, List<NormPair> pairs, boolean gini) {
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
        return new SnapshotLayout(header, NormPair.distinct(pairs), gini, maskable, excluded);
    }

    static int chunks(TensorInfo tensor) {
        return Math.toIntExact(Math.ceilDiv(tensor.count(), (long) WeightChunk.MOST_WEIGHTS));
    }

    /** The number of chunks of all tensors together. */
    public long chunkCount() {
        return starts[tensors.size()];
    }

    /**
     * Cuts the snapshot: each range is the fewest chunks that have at least so many bytes, the last
     * one what is left.
     */
    public List<ChunkRange> ranges(long bytes) {
        List<ChunkRange> ranges = new ArrayList<>();
        long fromChunk = 0;
        long fromByte = dataOffset;
        for (long next = 1; next <= chunkCount(); next++) {
            long end = next == chunkCount() ? endOfFile : endOf(chunk(next - 1));
            if (end - fromByte >= bytes || next == chunkCount()) {
                ranges.add(new ChunkRange(fromChunk, next, fromByte, end));
                fromChunk = next;
                fromByte = end;
            }
        }
        return ranges;
    }

    private long endOf(Chunk chunk) {
        return chunk.offset() + (long) chunk.count() * tensors.get(chunk.tensor()).dtype().bytes();
    }

    Chunk chunk(long number) {
        int found = Arrays.binarySearch(starts, number);
        int tensor = found >= 0 ? found : -found - 2;
        long first = (number - starts[tensor]) * WeightChunk.MOST_WEIGHTS;
        TensorInfo info = tensors.get(tensor);
        return new Chunk(
                tensor,
                first,
                (int) Math.min(WeightChunk.MOST_WEIGHTS, info.count() - first),
                info.offset() + first * info.dtype().bytes());
    }

    /** Number of the first chunk of a tensor; of the last tensor's end where it is none. */
    long firstChunk(int tensor) {
        return starts[tensor];
    }

    /** Bytes of the largest chunk. */
    long largestChunk() {
        return tensors.stream()
                .mapToLong(
                        tensor ->
                                Math.min(tensor.count(), WeightChunk.MOST_WEIGHTS)
                                        * tensor.dtype().bytes())
                .max()
                .orElse(0);
    }

    List<NormPair> pairs() {
        return pairs;
    }

    boolean gini() {
        return gini;
    }

    List<Double> exponents() {
        return exponents;
    }

    List<TensorInfo> tensors() {
        return tensors;
    }

    List<ExcludedTensor> excluded() {
        return excluded;
    }
}
