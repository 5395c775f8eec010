// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import dev.espalier.pqi.application.Failures;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.Measurements;
import dev.espalier.pqi.application.UnmeasurableException;
import dev.espalier.pqi.application.source.OpenSnapshot;
import dev.espalier.pqi.domain.SnapshotSums;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.objects.CorruptArtifactException;

/**
 * Puts the parts of all ranges together, to the bytes that one replica alone would have written.
 */
final class RangeMerger {

    private final Measurements measurements;
    private final RangeParts parts;

    RangeMerger(Measurements measurements, RangeParts parts) {
        this.measurements = measurements;
        this.parts = parts;
    }

    /**
     * @throws CorruptArtifactException if a part is not made of the bytes announced; parts are
     *     removed then, so that a repeated snapshot is read again
     */
    MeasurementOutcome merge(RangeRequested request, OpenSnapshot open) {
        SnapshotPublished snapshot = request.snapshot();
        SnapshotSums sums = new SnapshotSums(open.layout());
        RangeDigests digests = parts.digests(request);
        require(request, "the header", open.headerDigest(), digests.header());
        for (int range = 0; range < request.ranges(); range++) {
            RangeSums part = parts.sums(request, range);
            require(request, "the header", part.header(), digests.header());
            require(request, "range " + range, part.bytes(), digests.ranges().get(range));
            Reason failure = part.failure();
            if (failure != null) {
                return Failures.failed(
                        snapshot, failure, new UnmeasurableException(failure.message()));
            }
            sums.add(part.tensors());
        }
        return new MeasurementOutcome.Measured(
                measurements.keep(snapshot, sums.finish()).event(snapshot), false);
    }

    private void require(RangeRequested request, String what, Sha256 read, Sha256 right) {
        if (!read.equals(right)) {
            parts.remove(request);
            throw new CorruptArtifactException(
                    "%s of %s was read with the sha256 %s, in the file announced it has %s"
                            .formatted(what, request.snapshot().weights().uri(), read, right));
        }
    }
}
