// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.TensorData;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the process. Objects are written once: whoever comes first wins, and a later writer
 * is given what is there.
 *
 * <p>Every method throws {@link TryLaterException} while the store is away, and {@link
 * RunFailedException} when an object is not what its reference says.
 */
public interface RunArtifacts {

    /** Makes a specification the run's own, unless it has one. Returns the one that holds. */
    RunSpecification accept(RunId run, RunSpecification specification);

    /** The snapshot of the last iteration that was completed. */
    Optional<SnapshotPublished> lastCheckpoint(RunId run);

    /** Writes weights. Returns the reference of what is in the store. */
    ArtifactRef saveWeights(ObjectKey key, Map<String, String> metadata, List<TensorData> tensors);

    /** Reads weights to memory of {@code scope}; their digest is checked. */
    List<TensorData> loadWeights(ArtifactRef ref, Arena scope);

    /** Reads a mask; its digest is checked. */
    Mask loadMask(ArtifactRef ref);

    /** Makes a snapshot the run's checkpoint of its iteration. Returns the one that holds. */
    SnapshotPublished saveCheckpoint(SnapshotPublished snapshot);

    /**
     * Removes weights and checkpoints of iterations before one, but those of iteration 0.
     *
     * @param oldest the first iteration that is kept
     * @param needed an older one that is kept, too; null for none
     */
    void collect(RunId run, int oldest, @Nullable Integer needed);

    /** Makes weights the target of rewinding to an epoch, unless there is one. */
    void saveRewindTarget(RunId run, Map<String, String> metadata, List<TensorData> tensors);

    /** Where rewinding to an epoch leads; empty before the run came that far. */
    Optional<ArtifactRef> rewindTarget(RunId run);

    /**
     * Keeps the state of training within an iteration, complete or not at all, and removes what was
     * kept before.
     */
    void saveProgress(RunId run, TrainingProgress progress);

    /**
     * What was last kept of an iteration, in memory of {@code scope}; empty also where it cannot be
     * read any more.
     */
    Optional<TrainingProgress> lastProgress(RunId run, int iteration, Arena scope);

    /** Removes all that was kept within iterations. */
    void removeProgress(RunId run);
}
