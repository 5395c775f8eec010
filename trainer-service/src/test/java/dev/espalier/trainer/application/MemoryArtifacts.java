// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in memory that can go away; what is in it outlives the trainer that wrote it. */
final class MemoryArtifacts implements RunArtifacts {

    record Weights(ArtifactRef ref, Map<String, String> metadata, List<TensorData> tensors) {}

    final Map<ObjectKey, Weights> weights = new ConcurrentHashMap<>();
    final Map<ArtifactRef, Mask> masks = new ConcurrentHashMap<>();
    private final Map<RunId, RunSpecification> specifications = new ConcurrentHashMap<>();
    private final Map<String, SnapshotPublished> checkpoints = new ConcurrentSkipListMap<>();
    volatile boolean isAway;

    /** Puts a mask there, as the controller does. */
    ArtifactRef putMask(RunId run, int iteration, Mask mask) {
        ArtifactRef ref =
                ArtifactRef.of(
                        "espalier",
                        ObjectKey.mask(run, iteration),
                        Sha256.of(
                                mask.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        1);
        masks.put(ref, mask);
        return ref;
    }

    Weights at(ObjectKey key) {
        Weights found = weights.get(key);
        if (found == null) {
            throw new AssertionError(key + " is not there");
        }
        return found;
    }

    @Override
    public RunSpecification accept(RunId run, RunSpecification specification) {
        requireThere();
        RunSpecification before = specifications.putIfAbsent(run, specification);
        return before == null ? specification : before;
    }

    @Override
    public Optional<SnapshotPublished> lastCheckpoint(RunId run) {
        requireThere();
        return checkpoints.values().stream()
                .filter(c -> c.runId().equals(run))
                .reduce((_, last) -> last);
    }

    @Override
    public ArtifactRef saveWeights(
            ObjectKey key, Map<String, String> metadata, List<TensorData> tensors) {
        requireThere();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            SafetensorsWriter.write(bytes, metadata, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ArtifactRef ref =
                ArtifactRef.of("espalier", key, Sha256.of(bytes.toByteArray()), bytes.size());
        weights.putIfAbsent(
                key,
                new Weights(ref, metadata, tensors.stream().map(MemoryArtifacts::copy).toList()));
        return at(key).ref();
    }

    private static TensorData copy(TensorData tensor) {
        MemorySegment bytes = Arena.ofAuto().allocate(tensor.bytes().byteSize(), 64);
        bytes.copyFrom(tensor.bytes());
        return new TensorData(tensor.name(), tensor.dtype(), tensor.shape(), bytes);
    }

    @Override
    public List<TensorData> loadWeights(ArtifactRef ref, Arena scope) {
        requireThere();
        return at(ref.key()).tensors();
    }

    @Override
    public Mask loadMask(ArtifactRef ref) {
        requireThere();
        return masks.get(ref);
    }

    @Override
    public SnapshotPublished saveCheckpoint(SnapshotPublished snapshot) {
        requireThere();
        String key = ObjectKey.checkpoint(snapshot.runId(), snapshot.iteration()).value();
        SnapshotPublished before = checkpoints.putIfAbsent(key, snapshot);
        return before == null ? snapshot : before;
    }

    private void requireThere() {
        if (isAway) {
            throw new TryLaterException("the store is away");
        }
    }
}
