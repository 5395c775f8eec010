// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.TrainingProgress;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.trainer.domain.training.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store in memory that can go away; what is in it outlives the trainer that wrote it. */
final class MemoryArtifacts implements RunArtifacts {

    record Weights(ArtifactRef ref, Map<String, String> metadata, List<TensorData> tensors) {}

    final Map<ObjectKey, Weights> weights = new ConcurrentHashMap<>();
    final Map<ArtifactRef, Mask> masks = new ConcurrentHashMap<>();
    private final Map<RunId, RunSpecification> specifications = new ConcurrentHashMap<>();
    private final Map<String, SnapshotPublished> checkpoints = new ConcurrentSkipListMap<>();
    final Map<RunId, TrainingProgress> progress = new ConcurrentHashMap<>();
    final List<Position> positions = new CopyOnWriteArrayList<>();
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

    @Override
    public void collect(RunId run, int oldest, @Nullable Integer needed) {
        requireThere();
        checkpoints
                .values()
                .removeIf(
                        c -> {
                            boolean old =
                                    c.runId().equals(run)
                                            && c.iteration() > 0
                                            && c.iteration() < oldest
                                            && !Objects.equals(c.iteration(), needed);
                            if (old) {
                                weights.remove(c.weights().key());
                            }
                            return old;
                        });
    }

    @Override
    public void saveRewindTarget(
            RunId run, Map<String, String> metadata, List<TensorData> tensors) {
        var _ = saveWeights(rewindKey(run), metadata, tensors);
    }

    @Override
    public Optional<ArtifactRef> rewindTarget(RunId run) {
        requireThere();
        return Optional.ofNullable(weights.get(rewindKey(run))).map(Weights::ref);
    }

    private static ObjectKey rewindKey(RunId run) {
        return new ObjectKey(ObjectKey.prefix(run) + "rewind.safetensors");
    }

    @Override
    public void saveProgress(RunId run, TrainingProgress kept) {
        requireThere();
        List<TensorData> copies = kept.tensors().stream().map(MemoryArtifacts::copy).toList();
        progress.put(
                run,
                new TrainingProgress(kept.iteration(), kept.position(), kept.metadata(), copies));
        positions.add(kept.position());
    }

    @Override
    public Optional<TrainingProgress> lastProgress(RunId run, int iteration, Arena scope) {
        requireThere();
        return Optional.ofNullable(progress.get(run)).filter(p -> p.iteration() == iteration);
    }

    @Override
    public void removeProgress(RunId run) {
        requireThere();
        progress.remove(run);
    }

    private void requireThere() {
        if (isAway) {
            throw new TryLaterException("the store is away");
        }
    }
}
