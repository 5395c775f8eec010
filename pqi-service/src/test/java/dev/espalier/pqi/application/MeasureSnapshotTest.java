// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.PowerSumKernel;
import dev.espalier.pqi.domain.kernel.ScalarPowerSums;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasureSnapshotTest {

    private static final RunId RUN = new RunId("run-1");
    private static final ObjectKey KEY = ObjectKey.measurement(RUN, 3);

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Path folder;
    private final MeasureSnapshot measureSnapshot;
    private final byte[] weights =
            Tensors.file(
                    Tensors.f32("a.weight", List.of(2L, 2L), 1, 4, 9, 16),
                    Tensors.f32("a.bias", List.of(2L), 1, 1));

    MeasureSnapshotTest(@TempDir Path folder) {
        this.folder = folder;
        this.measureSnapshot = useCase(new ScalarPowerSums());
    }

    @Test
    void shouldStoreTheDocumentAndTellAboutIt() {
        SnapshotPublished snapshot = snapshot(weights, null);

        CompressibilityMeasured event = measured(measureSnapshot.measure(snapshot)).event();

        byte[] stored = store.read(KEY).orElseThrow();
        Measurement document = Document.MEASUREMENT.readJson("measurement", stored);
        assertThat(document.weights()).isEqualTo(snapshot.weights());
        assertThat(document.tensors()).hasSize(1);
        assertThat(document.excluded()).hasSize(1);
        assertThat(event.measurement())
                .isEqualTo(ArtifactRef.of("espalier", KEY, Sha256.of(stored), stored.length));
        assertThat(event.eventId()).isEqualTo("run-1/3/measurement");
        assertThat(event.snapshot()).isEqualTo(snapshot);
        assertThat(event.total()).isEqualTo(4);
        assertThat(event.global().sums()).containsExactly(10.0, 30.0, 354.0);
        assertThat(event.pqi()).hasSize(2);
        assertThat(event.tensors()).hasSize(1);
        assertThat(event.tensors().getFirst().pqi()).isEqualTo(event.pqi());
    }

    @Test
    void shouldMeasureUnderTheMask() {
        MaskTensor tensor = MaskTensor.ones(List.of(2L, 2L));
        tensor.clear(0);
        Mask mask = new Mask(Map.of("a.weight", tensor));

        CompressibilityMeasured event =
                measured(measureSnapshot.measure(snapshot(weights, Tensors.file(mask)))).event();

        assertThat(event.total()).isEqualTo(4);
        assertThat(event.global().active()).isEqualTo(3);
        assertThat(event.global().sums()).containsExactly(9.0, 29.0, 353.0);
    }

    @Test
    void shouldStoreTheWholeGridAndTellOfItsFirstTwoPairs() {
        SnapshotPublished few = snapshot(weights, null);
        SnapshotPublished snapshot =
                new SnapshotPublished(RUN, 3, few.weights(), null, List.of(), NormPair.GRID);

        CompressibilityMeasured event = measured(measureSnapshot.measure(snapshot)).event();

        Measurement document =
                Document.MEASUREMENT.readJson("measurement", store.read(KEY).orElseThrow());
        assertThat(document.pairs()).hasSize(109);
        assertThat(document.exponents()).hasSize(20).startsWith(0.1, 0.2).endsWith(1.9, 2.0);
        assertThat(document.tensors().getFirst().units().sums()).hasSize(20);
        assertThat(event.pqi()).extracting(GroupIndex::p).containsExactly(0.5, 1.0);
        assertThat(event.tensors().getFirst().pqi()).isEqualTo(event.pqi());
        assertThat(event.global().exponents()).hasSize(20);
    }

    @Test
    void invariant4ShouldGiveTheSameBytesForTheSameInput() {
        SnapshotPublished snapshot = snapshot(weights, null);
        measureSnapshot.measure(snapshot);
        byte[] first = store.read(KEY).orElseThrow();
        MemoryObjectStore other = new MemoryObjectStore();
        other.put(snapshot.weights().key(), weights);

        new MeasureSnapshot(
                        other,
                        new SnapshotMeasurer(new VectorPowerSums(), 4),
                        new ReadAhead(64, 3),
                        folder)
                .measure(snapshot);

        assertThat(other.read(KEY).orElseThrow()).isEqualTo(first);
    }

    @Test
    void shouldPublishTheSameAgainWithoutReadingTheWeights() {
        SnapshotPublished snapshot = snapshot(weights, null);
        CompressibilityMeasured first = measured(measureSnapshot.measure(snapshot)).event();
        long read = store.bytesRead();

        MeasurementOutcome.Measured again = measured(measureSnapshot.measure(snapshot));

        assertThat(again.repeated()).isTrue();
        assertThat(again.event().eventId()).isEqualTo(first.eventId());
        assertThat(Json.bytes(again.event())).isEqualTo(Json.bytes(first));
        assertThat(store.bytesRead()).isEqualTo(read);
    }

    @Test
    void shouldTellAboutTheOtherDocumentWhenAnotherReplicaWasFaster() {
        SnapshotPublished snapshot = snapshot(weights, null);
        MemoryObjectStore elsewhere = new MemoryObjectStore();
        elsewhere.put(snapshot.weights().key(), weights);
        new MeasureSnapshot(
                        elsewhere,
                        new SnapshotMeasurer(new ScalarPowerSums()),
                        new ReadAhead(64, 1),
                        folder)
                .measure(snapshot);
        byte[] others =
                (new String(elsewhere.read(KEY).orElseThrow(), UTF_8) + "\n").getBytes(UTF_8);
        store.onStep(
                step -> {
                    if (step.equals("before creating measurement.json")) {
                        store.put(KEY, others);
                    }
                });

        CompressibilityMeasured event = measured(measureSnapshot.measure(snapshot)).event();

        assertThat(event.measurement().sha256()).isEqualTo(Sha256.of(others));
    }

    @Test
    void shouldRefuseASnapshotThatChangedAfterItWasMeasured() {
        measureSnapshot.measure(snapshot(weights, null));
        byte[] changed = Tensors.file(Tensors.f32("a.weight", List.of(1L, 1L), 2));

        MeasurementOutcome.Failed failed = failed(measureSnapshot.measure(snapshot(changed, null)));

        assertThat(failed.event().reason().code()).isEqualTo("measurement-conflict");
        assertThat(failed.event().reason().message()).contains(Sha256.of(weights).hex());
    }

    @Test
    void shouldRefuseADocumentThatIsNone() {
        store.put(KEY, "{}".getBytes(UTF_8));

        assertThat(failed(measureSnapshot.measure(snapshot(weights, null))).event().reason().code())
                .isEqualTo("measurement-invalid");
    }

    @Test
    void shouldFailOnAWeightThatIsNotFinite() {
        byte[] bad = Tensors.file(Tensors.f32("a.weight", List.of(2L, 1L), 1, Double.NaN));

        MeasurementOutcome.Failed failed = failed(measureSnapshot.measure(snapshot(bad, null)));

        assertThat(failed.event().eventId()).isEqualTo("run-1/3/measurement-failed");
        assertThat(failed.event().reason().code()).isEqualTo("weight-not-finite");
        assertThat(failed.event().reason().message()).contains("weight 1 of tensor 'a.weight'");
        assertThat(failed.cause()).isInstanceOf(NonFiniteWeightException.class);
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void shouldFailOnAFileThatIsNoSafetensors() {
        byte[] truncated = Arrays.copyOf(weights, weights.length - 3);

        assertThat(
                        failed(measureSnapshot.measure(snapshot(truncated, null)))
                                .event()
                                .reason()
                                .code())
                .isEqualTo("weights-invalid");
    }

    @Test
    void shouldFailOnAMaskThatDoesNotFit() {
        Mask mask = new Mask(Map.of("b.weight", MaskTensor.ones(List.of(2L, 2L))));

        MeasurementOutcome.Failed failed =
                failed(measureSnapshot.measure(snapshot(weights, Tensors.file(mask))));

        assertThat(failed.event().reason().message()).contains("b.weight");
    }

    @Test
    void shouldFailOnBytesThatAreNotThoseOfTheReference() {
        SnapshotPublished snapshot = snapshot(weights, null);
        byte[] changed = weights.clone();
        changed[changed.length - 1] ^= 1;
        store.put(snapshot.weights().key(), changed);

        assertThat(failed(measureSnapshot.measure(snapshot)).event().reason().code())
                .isEqualTo("artifact-corrupt");
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void shouldBlameTheDigestWhereCorruptBytesBreakTheHeader() {
        SnapshotPublished snapshot = snapshot(weights, null);
        byte[] changed = weights.clone();
        changed[8] ^= 1;
        store.put(snapshot.weights().key(), changed);

        assertThat(failed(measureSnapshot.measure(snapshot)).cause())
                .isInstanceOf(CorruptArtifactException.class)
                .hasMessageContaining("sha256");
    }

    @Test
    void shouldFailOnAnObjectThatIsNotThere() {
        SnapshotPublished snapshot = snapshot(weights, null);
        SnapshotPublished lost =
                new SnapshotPublished(
                        RUN,
                        3,
                        ArtifactRef.of(
                                "espalier",
                                ObjectKey.weights(RUN, 4),
                                snapshot.weights().sha256(),
                                snapshot.weights().sizeBytes()),
                        null,
                        List.of(),
                        NormPair.DEFAULTS);

        assertThat(failed(measureSnapshot.measure(lost)).event().reason().code())
                .isEqualTo("artifact-corrupt");
    }

    @Test
    void shouldLeaveAStoreThatIsAwayToTheCaller() {
        SnapshotPublished snapshot = snapshot(weights, null);
        store.goAway(2);

        assertThatThrownBy(() -> measureSnapshot.measure(snapshot))
                .isInstanceOf(StoreUnavailableException.class);
    }

    private MeasureSnapshot useCase(PowerSumKernel kernel) {
        return new MeasureSnapshot(
                store, new SnapshotMeasurer(kernel), new ReadAhead(100, 2), folder);
    }

    private SnapshotPublished snapshot(byte[] file, byte @Nullable [] mask) {
        return new SnapshotPublished(
                RUN,
                3,
                store.put(ObjectKey.weights(RUN, 3), file),
                mask == null ? null : store.put(ObjectKey.mask(RUN, 3), mask),
                List.of(),
                NormPair.DEFAULTS);
    }

    private static MeasurementOutcome.Measured measured(MeasurementOutcome outcome) {
        assertThat(outcome).isInstanceOf(MeasurementOutcome.Measured.class);
        return (MeasurementOutcome.Measured) outcome;
    }

    private static MeasurementOutcome.Failed failed(MeasurementOutcome outcome) {
        assertThat(outcome).isInstanceOf(MeasurementOutcome.Failed.class);
        return (MeasurementOutcome.Failed) outcome;
    }
}
