// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.pqi.application.Killer;
import dev.espalier.pqi.application.MeasureSnapshot;
import dev.espalier.pqi.application.MeasurementOutcome;
import dev.espalier.pqi.application.OneByOne;
import dev.espalier.pqi.application.RangeSize;
import dev.espalier.pqi.application.UnmeasurableException;
import dev.espalier.pqi.application.source.ReadAhead;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.VectorPowerSums;
import dev.espalier.pqi.testing.Tensors;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large snapshots, shared out among replicas that have nothing but the store in common. */
public final class MeasureRangeTest {

    private static final RunId RUN = new RunId("run-1");
    private static final ObjectKey KEY = ObjectKey.measurement(RUN, 3);
    private static final String RANGES = ObjectKey.rangePrefix(RUN, 3);

    private final Random random = new Random(5);
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Path folder;

    MeasureRangeTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700_000, 1_100_000, 2_000_000})
    void invariant4ShouldGiveTheBytesOfOneReplicaAloneWhateverTheRanges(int rangeBytes) {
        SnapshotPublished snapshot = manyChunks();
        String alone = alone(snapshot);
        List<RangeRequested> requests = cut(snapshot, rangeBytes);
        assertThat(requests).hasSizeGreaterThan(3);
        Collections.shuffle(requests, random);
        List<MeasureRange> replicas = List.of(replica(1), replica(2), replica(4));

        List<MeasurementOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            outcomes.add(replicas.get(i % 3).measure(requests.get(i)));
        }

        assertThat(outcomes.subList(0, outcomes.size() - 1))
                .containsOnly(new MeasurementOutcome.Partial(false));
        assertThat(told(outcomes.getLast())).isEqualTo(alone);
        assertThat(stored(store)).isEqualTo(measuredAlone(snapshot));
        replicas.getFirst().tidyUp(snapshot);
        assertThat(store.list(RANGES)).isEmpty();
    }

    @Test
    void shouldMeasureASmallSnapshotInOneHop() {
        SnapshotPublished snapshot = manyChunks();
        long size = snapshot.weights().sizeBytes();

        assertThat(snapshots(new RangeSize(size, 1_000_000)).measure(snapshot))
                .isInstanceOf(MeasurementOutcome.Measured.class);
        assertThat(store.list(RANGES)).isEmpty();
    }

    @Test
    void shouldAskForTheDigestsFirstBecauseTheyTakeLongest() {
        List<RangeRequested> requests = cut(manyChunks(), 1_000_000);

        assertThat(requests.getFirst().isDigest()).isTrue();
        assertThat(requests.subList(1, requests.size()))
                .extracting(RangeRequested::range)
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, requests.size() - 1).boxed().toList());
    }

    @Test
    void invariant5ShouldGiveTheSameBytesWhenKilledAtAnyStep() {
        SnapshotPublished snapshot = snapshot(fewWeights(), fewWeightsMask());
        String alone = alone(snapshot);
        String document = measuredAlone(snapshot);
        int kills = 0;
        for (int step = 0; ; step++) {
            MemoryObjectStore fresh = new MemoryObjectStore();
            put(fresh, snapshot);
            Killer killer = new Killer(step);
            var loop = new OneByOne(killer, fresh, folder);

            List<String> told = loop.run(snapshot);

            assertThat(told).as("killed at step %d", step).isNotEmpty().containsOnly(alone);
            assertThat(stored(fresh)).isEqualTo(document);
            assertThat(fresh.list(RANGES)).isEmpty();
            if (!killer.hasKilled()) {
                break;
            }
            kills++;
        }
        assertThat(kills).isGreaterThan(60);
    }

    @Test
    void invariant4ShouldGiveTheBytesOfOneReplicaAloneForTheGrid() {
        SnapshotPublished snapshot =
                new SnapshotPublished(
                        RUN,
                        3,
                        snapshot(fewWeights(), null).weights(),
                        null,
                        List.of(),
                        NormPair.GRID);
        MemoryObjectStore fresh = new MemoryObjectStore();
        put(fresh, snapshot);

        assertThat(new OneByOne(new Killer(-1), fresh, folder).run(snapshot))
                .containsOnly(alone(snapshot));
        assertThat(stored(fresh)).isEqualTo(measuredAlone(snapshot)).contains("errorBound");
    }

    @Test
    void shouldReadNothingTwiceWhenARangeIsRepeated() {
        SnapshotPublished snapshot = manyChunks();
        List<RangeRequested> requests = cut(snapshot, 1_000_000);
        replica(1).measure(requests.get(1));
        long read = store.bytesRead();

        assertThat(replica(2).measure(requests.get(1)))
                .isEqualTo(new MeasurementOutcome.Partial(true));
        assertThat(store.bytesRead()).isEqualTo(read);
    }

    @Test
    void shouldTellTheSameAgainWhenARangeComesAfterTheMeasurement() {
        SnapshotPublished snapshot = manyChunks();
        String alone = alone(snapshot);
        List<RangeRequested> requests = cut(snapshot, 1_000_000);
        requests.forEach(replica(1)::measure);
        replica(1).tidyUp(snapshot);

        MeasurementOutcome again = replica(2).measure(requests.get(2));

        assertThat(((MeasurementOutcome.Measured) again).repeated()).isTrue();
        assertThat(told(again)).isEqualTo(alone);
        assertThat(store.list(RANGES)).isEmpty();
    }

    @Test
    void shouldNotTakePartsOfAnotherCutForItsOwn() {
        SnapshotPublished snapshot = manyChunks();
        String alone = alone(snapshot);
        List<RangeRequested> before = cut(snapshot, 700_000);
        before.subList(0, before.size() - 1).forEach(replica(1)::measure);
        List<RangeRequested> requests = cut(snapshot, 1_500_000);

        requests.subList(0, requests.size() - 1).forEach(replica(2)::measure);
        assertThat(store.read(KEY)).isEmpty();
        assertThat(told(replica(2).measure(requests.getLast()))).isEqualTo(alone);
    }

    @Test
    void shouldNameTheFirstBadWeightOfAllRanges() {
        double[] values = Tensors.gaussian(random, 1_200_000);
        values[1_100_000] = Double.NaN;
        values[600_001] = Double.POSITIVE_INFINITY;
        values[599_999] = Double.NaN;
        SnapshotPublished snapshot =
                snapshot(
                        Tensors.file(Tensors.f32("a.weight", List.of(2L, 600_000L), values)), null);
        String alone = alone(snapshot);
        List<RangeRequested> requests = cut(snapshot, 1_000_000);
        Collections.reverse(requests);

        MeasurementOutcome last = null;
        for (RangeRequested request : requests) {
            last = replica(2).measure(request);
        }

        assertThat(told(last)).isEqualTo(alone).contains("weight 599999 of");
        assertThat(((MeasurementOutcome.Failed) last).cause())
                .isInstanceOf(UnmeasurableException.class);
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void shouldSayThatASumIsOutOfRangeAsOneReplicaWould() {
        double[] values = new double[600_000];
        Arrays.fill(values, 1e150);
        values[10] = 1e154;
        TensorData tensor = Tensors.tensor("a.weight", DType.F64, List.of(3L, 200_000L), values);
        double[] large = new double[600_000];
        Arrays.fill(large, 1e303);
        TensorData chunks = Tensors.tensor("b.weight", DType.F64, List.of(600L, 1_000L), large);
        for (TensorData weights : List.of(tensor, chunks)) {
            MemoryObjectStore fresh = new MemoryObjectStore();
            SnapshotPublished snapshot =
                    new SnapshotPublished(
                            RUN,
                            3,
                            fresh.put(ObjectKey.weights(RUN, 3), Tensors.file(weights)),
                            null,
                            List.of(),
                            List.of(new NormPair(0.5, 1.0), new NormPair(1, 1.01)));
            store.put(ObjectKey.weights(RUN, 3), Tensors.file(weights));
            String alone = alone(snapshot);

            List<String> told = new OneByOne(new Killer(-1), fresh, folder).run(snapshot);

            assertThat(told).containsOnly(alone);
        }
    }

    @Test
    void shouldPublishNothingWhereTheBytesAreNotThoseOfTheReference() {
        SnapshotPublished snapshot = manyChunks();
        byte[] changed = store.read(snapshot.weights().key()).orElseThrow().clone();
        changed[changed.length - 5] ^= 1;
        store.put(snapshot.weights().key(), changed);

        List<RangeRequested> requests = cut(snapshot, 1_000_000);
        List<MeasurementOutcome> outcomes = requests.stream().map(replica(2)::measure).toList();

        assertThat(told(outcomes.getFirst())).contains("artifact-corrupt").contains("sha256");
        assertThat(outcomes).noneMatch(MeasurementOutcome.Measured.class::isInstance);
        assertThat(store.read(KEY)).isEmpty();
    }

    @Test
    void shouldNotMergeARangeThatWasReadOtherwiseThanTheDigests() {
        SnapshotPublished snapshot = manyChunks();
        String alone = alone(snapshot);
        List<RangeRequested> requests = cut(snapshot, 1_000_000);
        byte[] right = store.read(snapshot.weights().key()).orElseThrow();
        byte[] changed = right.clone();
        changed[changed.length - 5] ^= 1;
        requests.subList(0, requests.size() - 1).forEach(replica(2)::measure);
        store.put(snapshot.weights().key(), changed);

        MeasurementOutcome last = replica(2).measure(requests.getLast());

        assertThat(told(last)).contains("artifact-corrupt").contains("range 4 of");
        assertThat(store.read(KEY)).isEmpty();
        store.put(snapshot.weights().key(), right);
        requests.subList(0, requests.size() - 1).forEach(replica(2)::measure);
        assertThat(told(replica(2).measure(requests.getLast()))).isEqualTo(alone);
    }

    @Test
    void shouldLeaveAFileThatIsNoneToOneReplica() {
        byte[] file = fewWeights();
        SnapshotPublished snapshot = snapshot(Arrays.copyOf(file, file.length - 3), null);

        assertThat(told(snapshots(new RangeSize(0, 1)).measure(snapshot)))
                .contains("weights-invalid");
    }

    @Test
    void shouldRefuseAMaskThatDoesNotFit() {
        Mask mask = new Mask(Map.of("z.weight", MaskTensor.ones(List.of(2L, 2L))));
        SnapshotPublished snapshot = snapshot(fewWeights(), Tensors.file(mask));

        RangeRequested request = cut(snapshot, 1).get(1);

        assertThat(told(replica(1).measure(request))).contains("z.weight");
        assertThat(told(replica(1).measure(request))).contains("z.weight");
    }

    private SnapshotPublished manyChunks() {
        List<Long> wide = List.of(3L, 300_001L);
        List<Long> narrow = List.of(7_001L, 97L);
        return snapshot(
                Tensors.file(
                        Tensors.f32("a.weight", wide, Tensors.gaussian(random, 900_003)),
                        Tensors.tensor(
                                "b.weight", DType.BF16, narrow, Tensors.gaussian(random, 679_097)),
                        Tensors.f32("c.bias", List.of(100L), Tensors.gaussian(random, 100))),
                Tensors.file(new Mask(Map.of("a.weight", Tensors.mask(random, 0.5, wide)))));
    }

    private byte[] fewWeights() {
        TensorData[] tensors = new TensorData[4];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = Tensors.f32(i + ".weight", List.of(3L, 5L), Tensors.gaussian(random, 15));
        }
        return Tensors.file(tensors);
    }

    private byte[] fewWeightsMask() {
        return Tensors.file(
                new Mask(Map.of("1.weight", Tensors.mask(random, 0.5, List.of(3L, 5L)))));
    }

    private SnapshotPublished snapshot(byte[] weights, byte @Nullable [] mask) {
        return new SnapshotPublished(
                RUN,
                3,
                store.put(ObjectKey.weights(RUN, 3), weights),
                mask == null ? null : store.put(ObjectKey.mask(RUN, 3), mask),
                List.of(),
                NormPair.DEFAULTS);
    }

    private void put(MemoryObjectStore fresh, SnapshotPublished snapshot) {
        for (ObjectKey key : List.of(snapshot.weights().key(), ObjectKey.mask(RUN, 3))) {
            store.read(key).ifPresent(bytes -> fresh.put(key, bytes));
        }
    }

    private MeasureSnapshot snapshots(RangeSize rangeSize) {
        return OneByOne.snapshots(store, folder, rangeSize);
    }

    private List<RangeRequested> cut(SnapshotPublished snapshot, int rangeBytes) {
        var cut =
                (MeasurementOutcome.Cut) snapshots(new RangeSize(0, rangeBytes)).measure(snapshot);
        return new ArrayList<>(cut.requests());
    }

    private MeasureRange replica(int threads) {
        return new MeasureRange(
                store,
                new SnapshotMeasurer(new VectorPowerSums(), threads),
                new ReadAhead(100_000, 3),
                folder);
    }

    /** What is told when one replica measures the snapshot in one hop. */
    private String alone(SnapshotPublished snapshot) {
        MemoryObjectStore other = new MemoryObjectStore();
        put(other, snapshot);
        return told(OneByOne.snapshots(other, folder, RangeSize.NONE).measure(snapshot));
    }

    private String measuredAlone(SnapshotPublished snapshot) {
        MemoryObjectStore other = new MemoryObjectStore();
        put(other, snapshot);
        var _ = OneByOne.snapshots(other, folder, RangeSize.NONE).measure(snapshot);
        return stored(other);
    }

    private static String stored(ObjectStore store) {
        return new String(store.read(KEY).orElseThrow(), UTF_8);
    }

    public static String told(MeasurementOutcome outcome) {
        Object event =
                switch (outcome) {
                    case MeasurementOutcome.Measured measured -> measured.event();
                    case MeasurementOutcome.Failed failed -> failed.event();
                    case MeasurementOutcome.Cut cut -> cut;
                    case MeasurementOutcome.Partial partial -> partial;
                };
        return new String(Json.bytes(event), UTF_8);
    }
}
