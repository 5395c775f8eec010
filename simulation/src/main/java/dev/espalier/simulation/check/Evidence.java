// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import dev.espalier.simulation.service.World;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is left in topics and store when everything is over. */
public final class Evidence {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The only tensor of the simulated network that a mask may cover. */
    private static final String TENSOR = "linear.weight";

    /** What only the trainer reads, and removes when it can. */
    private static final String SCRATCH = "/training/";

    private final World world;
    private final EventCodec codec;

    public Evidence(World world, EventCodec codec) {
        this.world = world;
        this.codec = codec;
    }

    String writer(String key) {
        return world.ledger().writer(key);
    }

    /** The digests of a run's objects, by key. */
    public SortedMap<String, Sha256> objects(RunId run) {
        SortedMap<String, Sha256> own = new TreeMap<>();
        world.objects()
                .digests()
                .forEach(
                        (key, digest) -> {
                            if (key.startsWith(ObjectKey.prefix(run)) && !key.contains(SCRATCH)) {
                                own.put(key, digest);
                            }
                        });
        return own;
    }

    /** The register of a run, from iteration 0 on. */
    public List<DecisionRecord> decisions(RunId run) {
        List<DecisionRecord> found = new ArrayList<>();
        while (true) {
            ObjectKey key = ObjectKey.decision(run, found.size());
            Optional<byte[]> json = world.objects().read(key);
            if (json.isEmpty()) {
                return found;
            }
            found.add(Document.DECISION.readJson(key.value(), json.get()));
        }
    }

    /** All valid events of a type, partition by partition. */
    public <E extends Event> Stream<E> events(Topic topic, Class<E> type) {
        return world.bus()
                .all(topic)
                .flatMap(
                        message -> {
                            try {
                                return Stream.of(codec.read(message, type).event());
                            } catch (MalformedEventException e) {
                                return Stream.empty();
                            }
                        });
    }

    /** What was last said of a run. */
    public @Nullable RunStatus status(RunId run) {
        return events(Topic.RUN_STATUS, RunStatus.class)
                .filter(status -> status.runId().equals(run))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    /**
     * @param ref null where every weight is active
     */
    MaskTensor mask(@Nullable ArtifactRef ref, long rows, long columns) {
        List<Long> shape = List.of(rows, columns);
        if (ref == null) {
            return MaskTensor.ones(shape);
        }
        try (Loaded source = loaded(ref.key())) {
            Mask mask = MaskCodec.read(source);
            MaskTensor found = mask.tensor(TENSOR);
            return found == null ? MaskTensor.ones(shape) : found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The weights that a mask may cover, row-major. */
    Weights weights(ArtifactRef ref) {
        try (Loaded source = loaded(ref.key())) {
            TensorInfo info = SafetensorsHeader.read(source).tensor(TENSOR).orElseThrow();
            float[] values = new float[Math.toIntExact(info.count())];
            for (int i = 0; i < values.length; i++) {
                values[i] = source.bytes().get(FLOAT, info.offset() + 4L * i);
            }
            return new Weights(info.shape().getFirst(), info.shape().getLast(), values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Loaded loaded(ObjectKey key) {
        byte[] content =
                world.objects().read(key).orElseThrow(() -> new MissingObjectException(key));
        return new Loaded(key.value(), MemorySegment.ofArray(content));
    }

    /** A matrix. */
    static final class Weights {

        private final long rows;
        private final long columns;
        private final float[] values;

        Weights(long rows, long columns, float[] values) {
            this.rows = rows;
            this.columns = columns;
            this.values = values;
        }

        long rows() {
            return rows;
        }

        long columns() {
            return columns;
        }

        int count() {
            return values.length;
        }

        float get(int index) {
            return values[index];
        }
    }

    private record Loaded(String name, MemorySegment bytes) implements ByteSource {

        @Override
        public long size() {
            return bytes.byteSize();
        }

        @Override
        public void read(long offset, MemorySegment target) {
            target.copyFrom(bytes.asSlice(offset, target.byteSize()));
        }

        @Override
        public void close() {}
    }
}
