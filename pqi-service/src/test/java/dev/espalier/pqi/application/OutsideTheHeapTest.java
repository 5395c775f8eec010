// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.pqi.application.source.Artifacts;
import dev.espalier.pqi.application.source.MaskLease;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large masks and long documents. */
final class OutsideTheHeapTest {

    private static final RunId RUN = new RunId("run-1");
    private static final ReadAhead READ_AHEAD = new ReadAhead(1 << 20, 2);

    @TempDir private Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void shouldStoreAndReadALongDocumentLikeAShortOne() {
        int rows = 200_000;
        double[] values = Tensors.gaussian(new SplittableRandom(1), rows);
        byte[] weights = Tensors.file(Tensors.f32("a.weight", List.of((long) rows, 1L), values));
        SnapshotPublished snapshot =
                new SnapshotPublished(
                        RUN,
                        0,
                        store.put(ObjectKey.weights(RUN, 0), weights),
                        null,
                        List.of(),
                        NormPair.DEFAULTS);
        MeasureSnapshot measureSnapshot =
                new MeasureSnapshot(
                        store, new SnapshotMeasurer(new ScalarPowerSums()), READ_AHEAD, folder);

        var first = (MeasurementOutcome.Measured) measureSnapshot.measure(snapshot);
        var again = (MeasurementOutcome.Measured) measureSnapshot.measure(snapshot);

        byte[] stored = store.read(ObjectKey.measurement(RUN, 0)).orElseThrow();
        assertThat(stored.length).isGreaterThan((int) LongDocument.SHORT_BYTES);
        assertThat(Json.bytes(Document.MEASUREMENT.readJson("measurement", stored)))
                .isEqualTo(stored);
        assertThat(first.repeated()).isFalse();
        assertThat(again.repeated()).isTrue();
        assertThat(again.event()).isEqualTo(first.event());
        assertThat(again.event().measurement().sha256()).isEqualTo(Sha256.of(stored));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldMapALargeMaskAndLeaveNoFileBehind() {
        Mask mask = largeMask();
        ArtifactRef ref = store.put(ObjectKey.mask(RUN, 1), Tensors.file(mask));

        try (MaskLease open = artifacts().mask(ref)) {
            assertThat(open.mask()).isEqualTo(mask);
            assertThat(folder).isNotEmptyDirectory();
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldRefuseALargeMaskWithAnotherDigest() {
        byte[] bytes = Tensors.file(largeMask());
        ArtifactRef ref = store.put(ObjectKey.mask(RUN, 1), bytes);
        byte[] changed = bytes.clone();
        changed[changed.length / 2] ^= 1;
        store.put(ObjectKey.mask(RUN, 1), changed);

        assertThatThrownBy(() -> artifacts().mask(ref))
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("sha256");
        assertThat(folder).isEmptyDirectory();
    }

    private Artifacts artifacts() {
        return new Artifacts(store, READ_AHEAD, folder);
    }

    private static Mask largeMask() {
        SplittableRandom random = new SplittableRandom(2);
        MaskTensor bits = MaskTensor.zeros(List.of(7001L, 5003L));
        for (int i = 0; i < bits.wordCount(); i++) {
            bits.setWord(i, random.nextLong());
        }
        return new Mask(Map.of("a.weight", bits));
    }
}
