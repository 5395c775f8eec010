// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import dev.espalier.pqi.application.Failures;
import dev.espalier.pqi.application.source.Artifacts;
import dev.espalier.pqi.application.source.HashedSource;
import dev.espalier.pqi.application.source.OpenSnapshot;
import dev.espalier.pqi.domain.ChunkRange;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.TensorPart;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads what is asked for of a snapshot, each byte once. */
final class RangeReader {

    private static final int PIECE_BYTES = 1 << 18;

    private final Artifacts artifacts;
    private final SnapshotMeasurer measurer;

    RangeReader(Artifacts artifacts, SnapshotMeasurer measurer) {
        this.artifacts = artifacts;
        this.measurer = measurer;
    }

    /** How a snapshot is cut, which all replicas must agree on. */
    static List<ChunkRange> ranges(RangeRequested request, OpenSnapshot snapshot) {
        List<ChunkRange> ranges = snapshot.layout().ranges(request.rangeBytes());
        if (ranges.size() != request.ranges()) {
            throw new CorruptArtifactException(
                    "%s is cut into %d ranges of %d bytes, announced are %d\nMaybe its header was not read as it is"
                            .formatted(
                                    request.snapshot().weights().uri(),
                                    ranges.size(),
                                    request.rangeBytes(),
                                    request.ranges()));
        }
        return ranges;
    }

    /** Weights that cannot be summed are part of the result, as the first of them all counts. */
    RangeSums sums(RangeRequested request, OpenSnapshot snapshot) {
        ChunkRange range = ranges(request, snapshot).get(Objects.requireNonNull(request.range()));
        Mask mask = snapshot.mask();
        ArtifactRef weights = request.snapshot().weights();
        try (HashedSource bytes = artifacts.hashed(weights, range.fromByte(), range.toByte())) {
            List<TensorPart> tensors;
            try {
                tensors =
                        measurer.measure(
                                bytes, mask, snapshot.layout(), range.fromChunk(), range.toChunk());
            } catch (NonFiniteWeightException | PowerSumOverflowException e) {
                Reason reason = Failures.reason(e);
                return new RangeSums(snapshot.headerDigest(), bytes.digest(), reason, List.of());
            }
            return new RangeSums(snapshot.headerDigest(), bytes.digest(), null, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + weights.uri(), e);
        }
    }

    /**
     * @throws CorruptArtifactException if the file as a whole is not the one announced
     */
    RangeDigests digests(RangeRequested request, OpenSnapshot snapshot) {
        List<ChunkRange> ranges = ranges(request, snapshot);
        return artifacts.verified(
                request.snapshot().weights(),
                source -> {
                    Sha256 header = digest(source, 0, ranges.getFirst().fromByte());
                    List<Sha256> digests = new ArrayList<>(ranges.size());
                    for (ChunkRange range : ranges) {
                        digests.add(digest(source, range.fromByte(), range.toByte()));
                    }
                    return new RangeDigests(header, digests);
                });
    }

    private static Sha256 digest(ByteSource source, long from, long to) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] piece = new byte[PIECE_BYTES];
        for (long at = from; at < to; at += PIECE_BYTES) {
            int n = (int) Math.min(PIECE_BYTES, to - at);
            source.read(at, MemorySegment.ofArray(piece).asSlice(0, n));
            digest.update(piece, 0, n);
        }
        return Sha256.of(digest);
    }
}
