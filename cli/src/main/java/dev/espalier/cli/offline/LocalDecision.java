// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.cli.CliException;
import dev.espalier.controller.application.replay.DecideAlone;
import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.NonFiniteWeightException;
import dev.espalier.pqi.domain.PowerSumOverflowException;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.FolderObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures and decides on a snapshot of a run whose objects are in a folder, laid out as in the
 * bucket. The decisions on earlier iterations, with the state of guard and trend, are there too.
 */
public final class LocalDecision {

    private static final String BUCKET = "espalier";

    private final Path folder;
    private final FolderObjectStore store;
    private final SnapshotPublished snapshot;
    private final RunRequested request;

    private LocalDecision(Path folder, SnapshotPublished snapshot, RunRequested request) {
        this.folder = folder;
        this.store = new FolderObjectStore(folder, BUCKET);
        this.snapshot = snapshot;
        this.request = request;
    }

    /**
     * @param checkpoint {@code FOLDER/runs/RUN/checkpoints/000042.json}; the request is in {@code
     *     FOLDER/runs/RUN/request.json}
     */
    public static LocalDecision on(Path checkpoint) {
        Path run = parent(parent(checkpoint.toAbsolutePath()));
        SnapshotPublished snapshot = read(checkpoint, SnapshotPublished.class);
        RunRequested request = read(run.resolve("request.json"), RunRequested.class);
        if (!snapshot.runId().equals(request.runId())) {
            throw CliException.badInput(
                    "%s is about the run %s, but its folder belongs to the run %s"
                            .formatted(checkpoint, snapshot.runId(), request.runId()));
        }
        return new LocalDecision(parent(parent(run)), snapshot, request);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw CliException.badInput(
                    path + " is not FOLDER/runs/RUN/checkpoints/<iteration>.json");
        }
        return parent;
    }

    private static <T> T read(Path file, Class<T> type) {
        try {
            return Json.read(new ByteArrayInputStream(Inputs.text(file).getBytes(UTF_8)), type);
        } catch (IOException e) {
            throw CliException.badInput(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * @param policy in force; null for that of the request, else the built-in one
     */
    public PruningDecided decide(@Nullable Policy policy) throws IOException {
        Path temporary = Files.createTempDirectory("espalier-decide-");
        try {
            return new DecideAlone(store, Expressions.FORMULAS, temporary)
                    .decide(measured(), request, policy);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private IterationEvent measured() throws IOException {
        try (FileSource weights = Inputs.open(path(snapshot.weights()))) {
            ArtifactRef mask = snapshot.mask();
            Mask active = Inputs.mask(mask == null ? null : path(mask), weights);
            MeasuredSnapshot measured =
                    SnapshotMeasurement.measured(weights, active, snapshot.pairs());
            return new CompressibilityMeasured(
                    snapshot.runId(),
                    snapshot.iteration(),
                    snapshot,
                    kept(measured),
                    measured.tensors().stream().mapToLong(MeasuredTensor::total).sum(),
                    PowerSums.none(List.of()),
                    List.of(),
                    List.of());
        } catch (NonFiniteWeightException e) {
            return failed("weight-not-finite", e);
        } catch (PowerSumOverflowException e) {
            return failed("sum-out-of-range", e);
        }
    }

    private MeasurementFailed failed(String code, RuntimeException cause) {
        return new MeasurementFailed(
                snapshot.runId(),
                snapshot.iteration(),
                snapshot,
                new Reason(code, String.valueOf(cause.getMessage())));
    }

    /** Stores measurement.json with the bytes that pqi-service writes. */
    private ArtifactRef kept(MeasuredSnapshot measured) {
        ObjectKey key = ObjectKey.measurement(snapshot.runId(), snapshot.iteration());
        byte[] document =
                Json.bytes(
                        new Measurement(
                                snapshot.runId(),
                                snapshot.iteration(),
                                snapshot.weights(),
                                snapshot.mask(),
                                measured.exponents(),
                                measured.pairs(),
                                measured.tensors(),
                                measured.excluded(),
                                measured.gini()));
        if (!store.createIfAbsent(key, document)) {
            document = store.read(key).orElse(document);
        }
        return ArtifactRef.of(BUCKET, key, Sha256.of(document), document.length);
    }

    private Path path(ArtifactRef ref) {
        return folder.resolve(ref.key().value());
    }
}
