// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.objectstore;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.schemas.tensor.TensorInfo;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.RunFailedException;
import dev.espalier.trainer.application.TrainerSettings;
import dev.espalier.trainer.application.TrainingProgress;
import dev.espalier.trainer.application.TryLaterException;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import jakarta.inject.Singleton;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A run's artefacts under the keys of the contract. */
@Singleton
public final class StoredArtifacts implements RunArtifacts {

    private static final Logger LOGGER = Logger.getLogger(StoredArtifacts.class);
    private static final ObjectMapper JSON = Json.mapper();
    private static final String LOSS_SUM = "lossSum";

    private final ObjectStore store;
    private final ArtifactFetcher fetcher;
    private final Path folder;

    public StoredArtifacts(ObjectStore store, TrainerSettings settings) {
        this.store = store;
        this.folder = settings.temporaryFolder();
        this.fetcher = new ArtifactFetcher(store, folder);
    }

    @Override
    public RunSpecification accept(RunId run, RunSpecification specification) {
        return translating(
                () -> {
                    ObjectKey key = ObjectKey.specification(run);
                    if (store.createIfAbsent(key, Json.bytes(specification))) {
                        return specification;
                    }
                    return Document.RUN_SPECIFICATION.readJson(key.value(), existing(key));
                });
    }

    @Override
    public Optional<SnapshotPublished> lastCheckpoint(RunId run) {
        return translating(
                () -> {
                    List<ObjectKey> keys = store.list(ObjectKey.checkpointPrefix(run));
                    return keys.isEmpty()
                            ? Optional.empty()
                            : Optional.of(checkpoint(keys.getLast()));
                });
    }

    @Override
    public SnapshotPublished saveCheckpoint(SnapshotPublished snapshot) {
        return translating(
                () -> {
                    ObjectKey key = ObjectKey.checkpoint(snapshot.runId(), snapshot.iteration());
                    return store.createIfAbsent(key, Json.bytes(snapshot))
                            ? snapshot
                            : checkpoint(key);
                });
    }

    /** The checkpoint goes last: as long as it is there, somebody will remove its weights. */
    @Override
    public void collect(RunId run, int oldest, @Nullable Integer needed) {
        var _ =
                translating(
                        () -> {
                            List<ObjectKey> keys = store.list(ObjectKey.checkpointPrefix(run));
                            for (ObjectKey key : keys) {
                                int iteration = key.iteration().orElse(0);
                                if (iteration > 0
                                        && iteration < oldest
                                        && !Objects.equals(iteration, needed)) {
                                    store.delete(ObjectKey.weights(run, iteration));
                                    store.delete(key);
                                }
                            }
                            return keys;
                        });
    }

    @Override
    public ArtifactRef saveWeights(
            ObjectKey key, Map<String, String> metadata, List<TensorData> tensors) {
        return translating(
                () -> {
                    Files.createDirectories(folder);
                    Path file = Files.createTempFile(folder, "weights-", ".safetensors");
                    try {
                        try (OutputStream out =
                                new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
                            SafetensorsWriter.write(out, metadata, tensors);
                        }
                        return store.upload(key, file);
                    } finally {
                        Files.deleteIfExists(file);
                    }
                });
    }

    @Override
    public List<TensorData> loadWeights(ArtifactRef ref, Arena scope) {
        return translating(
                () -> {
                    try (ByteSource source = fetcher.fetch(ref)) {
                        List<TensorData> tensors = new ArrayList<>();
                        for (TensorInfo info : SafetensorsHeader.read(source).tensors()) {
                            MemorySegment bytes = scope.allocate(info.byteSize(), 64);
                            source.read(info.offset(), bytes);
                            tensors.add(
                                    new TensorData(info.name(), info.dtype(), info.shape(), bytes));
                        }
                        return tensors;
                    }
                });
    }

    @Override
    public Mask loadMask(ArtifactRef ref) {
        return translating(
                () -> {
                    try (ByteSource source = fetcher.fetch(ref)) {
                        return MaskCodec.read(source);
                    }
                });
    }

    @Override
    public void saveRewindTarget(
            RunId run, Map<String, String> metadata, List<TensorData> tensors) {
        ArtifactRef ref = saveWeights(ProgressKeys.rewindWeights(run), metadata, tensors);
        var _ =
                translating(
                        () -> store.createIfAbsent(ProgressKeys.rewindRef(run), Json.bytes(ref)));
    }

    @Override
    public Optional<ArtifactRef> rewindTarget(RunId run) {
        return translating(
                () -> {
                    Optional<byte[]> found = store.read(ProgressKeys.rewindRef(run));
                    return found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(JSON.readValue(found.get(), ArtifactRef.class));
                });
    }

    @Override
    public void saveProgress(RunId run, TrainingProgress progress) {
        List<ObjectKey> before = translating(() -> store.list(ProgressKeys.prefix(run)));
        ObjectKey key = ProgressKeys.of(run, progress.iteration(), progress.position());
        Map<String, String> metadata = new TreeMap<>(progress.metadata());
        metadata.put(LOSS_SUM, Double.toString(progress.position().lossSum()));
        var _ = saveWeights(key, metadata, progress.tensors());
        translating(
                () -> {
                    before.stream().filter(old -> !old.equals(key)).forEach(store::delete);
                    return key;
                });
    }

    @Override
    public Optional<TrainingProgress> lastProgress(RunId run, int iteration, Arena scope) {
        return translating(
                () -> {
                    List<ObjectKey> keys =
                            store.list(ProgressKeys.prefix(run)).stream()
                                    .filter(key -> ProgressKeys.iteration(key) == iteration)
                                    .toList();
                    return keys.isEmpty() ? Optional.empty() : readProgress(keys.getLast(), scope);
                });
    }

    /** What is damaged costs time, not the run: the iteration is trained anew. */
    private Optional<TrainingProgress> readProgress(ObjectKey key, Arena scope) throws IOException {
        long size = store.size(key).orElse(0);
        MemorySegment whole = scope.allocate(Math.max(1, size), 64);
        store.readRange(key, 0, whole.asSlice(0, size));
        try {
            return Optional.of(parseProgress(key, whole.asSlice(0, size)));
        } catch (SafetensorsException | NumberFormatException e) {
            LOGGER.warnf("%s cannot be read and is left aside: %s", key, e.getMessage());
            return Optional.empty();
        }
    }

    private static TrainingProgress parseProgress(ObjectKey key, MemorySegment whole)
            throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(new LoadedObject(key.value(), whole));
        List<TensorData> tensors = new ArrayList<>();
        for (TensorInfo info : header.tensors()) {
            MemorySegment bytes = whole.asSlice(info.offset(), info.byteSize());
            tensors.add(new TensorData(info.name(), info.dtype(), info.shape(), bytes));
        }
        Map<String, String> metadata = header.metadata();
        double lossSum = Double.parseDouble(metadata.getOrDefault(LOSS_SUM, "0"));
        return new TrainingProgress(
                ProgressKeys.iteration(key),
                ProgressKeys.position(key, lossSum),
                metadata,
                tensors);
    }

    @Override
    public void removeProgress(RunId run) {
        var _ =
                translating(
                        () -> {
                            List<ObjectKey> keys = store.list(ProgressKeys.prefix(run));
                            keys.forEach(store::delete);
                            return keys;
                        });
    }

    private SnapshotPublished checkpoint(ObjectKey key) throws IOException {
        return Json.read(JSON.readTree(existing(key)), SnapshotPublished.class);
    }

    private byte[] existing(ObjectKey key) {
        return store.read(key)
                .orElseThrow(
                        () ->
                                new CorruptArtifactException(
                                        key + " was there and is there no more"));
    }

    private interface Access<T> {
        T run() throws IOException;
    }

    private static <T> T translating(Access<T> access) {
        try {
            return access.run();
        } catch (StoreUnavailableException e) {
            throw new TryLaterException(String.valueOf(e.getMessage()), e);
        } catch (CorruptArtifactException | SafetensorsException | InvalidDocumentException e) {
            throw new RunFailedException("corrupt-artifact", String.valueOf(e.getMessage()), e);
        } catch (IllegalStateException e) {
            // The MinIO client wraps a refused connection so.
            if (e.getCause() instanceof IOException) {
                throw new TryLaterException("the object store is away: " + e.getMessage(), e);
            }
            throw e;
        } catch (IOException | UncheckedIOException e) {
            throw new TryLaterException("cannot use the temporary folder: " + e, e);
        }
    }
}
