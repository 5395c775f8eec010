// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.GroupIndex;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of one iteration, each in its place, so that neither their order nor their repetition
 * matters. The first event of a kind stays; an epoch alone may be trained again after a kill.
 */
final class IterationHistory {

    private final int iteration;
    private final TreeMap<Integer, EpochCompleted> epochs = new TreeMap<>();
    private @Nullable SnapshotPublished snapshot;
    private @Nullable CompressibilityMeasured measured;
    private @Nullable MeasurementFailed failed;
    private @Nullable PruningDecided decision;
    private @Nullable Instant trainedAt;
    private @Nullable Instant decidedAt;

    IterationHistory(int iteration) {
        this.iteration = iteration;
    }

    Effect apply(IterationEvent event, Instant at) {
        return switch (event) {
            case EpochCompleted e ->
                    epochs.put(e.epoch(), e) == null ? Effect.NEW : Effect.REPEATED;
            case SnapshotPublished e -> {
                Effect effect = effectOn(snapshot);
                if (effect == Effect.NEW) {
                    snapshot = e;
                    trainedAt = at;
                }
                yield effect;
            }
            case CompressibilityMeasured e -> {
                Effect effect = effectOn(measured);
                if (effect == Effect.NEW) {
                    measured = e;
                }
                yield effect;
            }
            case MeasurementFailed e -> {
                Effect effect = effectOn(failed);
                if (effect == Effect.NEW) {
                    failed = e;
                }
                yield effect;
            }
            // How the service shares out its work says nothing about the run.
            case RangeRequested e -> Effect.REPEATED;
            case PruningDecided e -> {
                Effect effect = effectOn(decision);
                if (effect == Effect.NEW) {
                    decision = e;
                    decidedAt = at;
                }
                yield effect;
            }
        };
    }

    private static Effect effectOn(@Nullable Object known) {
        return known == null ? Effect.NEW : Effect.REPEATED;
    }

    @Nullable PruningDecided decision() {
        return decision;
    }

    @Nullable Instant trainedAt() {
        return trainedAt;
    }

    @Nullable EpochView lastEpoch() {
        return epochs.isEmpty() ? null : EpochView.of(epochs.lastEntry().getValue());
    }

    boolean isTrained() {
        return knownSnapshot() != null || decision != null;
    }

    /** Whether its number of active weights is known. */
    boolean isMeasured() {
        return measured != null || decision != null;
    }

    RunActivity activity() {
        if (measured != null || failed != null) {
            return RunActivity.DECIDING;
        }
        return knownSnapshot() == null ? RunActivity.TRAINING : RunActivity.MEASURING;
    }

    List<Metric> metrics() {
        SnapshotPublished known = knownSnapshot();
        if (known != null) {
            return known.metrics();
        }
        return decision == null ? List.of() : decision.metrics();
    }

    @Nullable Long total() {
        if (measured != null) {
            return measured.total();
        }
        return decision == null ? null : Long.valueOf(decision.total());
    }

    @Nullable Long active() {
        if (measured != null) {
            return measured.global().active();
        }
        return decision == null ? null : Long.valueOf(decision.active());
    }

    /** For all weights together; the first entry is the pair that is shown. */
    List<GroupIndex> pqi() {
        if (measured != null) {
            return measured.pqi();
        }
        GroupIndex decided = decision == null ? null : decision.pqi();
        return decided == null ? List.of() : List.of(decided);
    }

    IterationView view() {
        return new IterationView(
                iteration,
                metrics(),
                total(),
                active(),
                decision == null ? null : Long.valueOf(decision.pruned()),
                ratio(active(), total()),
                pqi(),
                decision == null ? null : decision.verdict(),
                decision == null ? null : decision.outcome(),
                reason(),
                decision == null ? null : decision.policy(),
                Tensors.of(measured, decision),
                epochs.values().stream().map(EpochView::of).toList(),
                trainedAt,
                decidedAt);
    }

    static @Nullable Double ratio(@Nullable Long part, @Nullable Long whole) {
        return part == null || whole == null || whole == 0
                ? null
                : Double.valueOf((double) part / whole);
    }

    private @Nullable Reason reason() {
        if (decision != null) {
            return decision.reason();
        }
        return failed == null ? null : failed.reason();
    }

    private @Nullable SnapshotPublished knownSnapshot() {
        if (snapshot != null) {
            return snapshot;
        }
        if (measured != null) {
            return measured.snapshot();
        }
        return failed == null ? null : failed.snapshot();
    }
}
