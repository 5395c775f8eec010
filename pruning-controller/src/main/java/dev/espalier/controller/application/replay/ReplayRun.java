// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.replay;

import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.controller.application.decision.DecidePruning;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.verdict.ReasonCode;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.IterationEvent;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides again on every iteration of a run, from its objects alone, and compares. */
public final class ReplayRun {

    private final ObjectStore store;
    private final Formulas formulas;
    private final Path folder;

    /**
     * @param formulas for policies with expressions
     * @param folder for temporary files
     */
    public ReplayRun(ObjectStore store, Formulas formulas, Path folder) {
        this.formulas = formulas;
        this.store = store;
        this.folder = folder;
    }

    /**
     * @param specification as it was requested; the one that the trainer accepted holds where it is
     *     stored
     * @param with the policy to decide by; null for the recorded one of each iteration
     * @return in the order of the iterations
     */
    public List<ReplayedIteration> replay(
            RunId run, RunSpecification specification, @Nullable Policy with) {
        Integer kept =
                store.read(ObjectKey.specification(run))
                        .map(json -> Document.RUN_SPECIFICATION.readJson("the run", json))
                        .orElse(specification)
                        .kept();
        List<ReplayedIteration> all = new ArrayList<>();
        for (int t = 0; ; t++) {
            ObjectKey key = ObjectKey.decision(run, t);
            Optional<byte[]> entry = store.read(key);
            if (entry.isEmpty()) {
                return all;
            }
            DecisionRecord recorded = Document.DECISION.readJson(key.value(), entry.get());
            boolean isOld =
                    kept != null && store.size(ObjectKey.decision(run, t + kept)).isPresent();
            String missing = isOld ? missing(recorded) : null;
            all.add(
                    missing == null
                            ? iteration(key, entry.get(), specification, with)
                            : new ReplayedIteration(
                                    recorded.decision(), recorded.decision(), List.of(), missing));
        }
    }

    /** What a run that keeps its newest iterations alone has removed of an older one. */
    private @Nullable String missing(DecisionRecord recorded) {
        List<@Nullable ArtifactRef> inputs = new ArrayList<>();
        inputs.add(recorded.weights());
        inputs.add(recorded.measurement());
        inputs.add(recorded.mask());
        inputs.add(recorded.decision().mask());
        for (ArtifactRef input : inputs) {
            if (input != null && store.size(input.key()).isEmpty()) {
                return "%s is no longer kept".formatted(input.uri());
            }
        }
        return null;
    }

    private ReplayedIteration iteration(
            ObjectKey key, byte[] entry, RunSpecification specification, @Nullable Policy with) {
        DecisionRecord recorded = Document.DECISION.readJson(key.value(), entry);
        PruningDecided decision = recorded.decision();
        var chosen =
                with == null
                        ? new ChosenPolicy(recorded.policy(), decision.policy().setBy())
                        : new ChosenPolicy(with, "replay");
        var overlay = new OverlayStore(store, key);
        var controller =
                new DecidePruning(
                        overlay,
                        run -> Optional.of(new KnownRun(specification, "replay")),
                        target ->
                                target.equals(decision.runId().value())
                                        ? Optional.of(chosen)
                                        : Optional.empty(),
                        (decided, cause) -> {},
                        formulas,
                        folder);
        PruningDecided again = controller.decide(event(recorded), decision.eventId()).decision();
        List<String> differences = new ArrayList<>();
        if (!Arrays.equals(entry, overlay.created())) {
            differences.addAll(Differences.between(decision, again));
        }
        if (with == null) {
            storedMask(decision).ifPresent(differences::add);
        }
        return new ReplayedIteration(decision, again, differences, null);
    }

    /** The event that led to the decision, as far as decisions depend on it. */
    private static IterationEvent event(DecisionRecord recorded) {
        PruningDecided decision = recorded.decision();
        var snapshot =
                new SnapshotPublished(
                        decision.runId(),
                        decision.iteration(),
                        recorded.weights(),
                        recorded.mask(),
                        decision.metrics(),
                        List.of());
        ArtifactRef measurement = recorded.measurement();
        return measurement == null
                ? new MeasurementFailed(
                        decision.runId(), decision.iteration(), snapshot, decision.reason())
                : new CompressibilityMeasured(
                        decision.runId(),
                        decision.iteration(),
                        snapshot,
                        measurement,
                        decision.total(),
                        PowerSums.none(List.of()),
                        List.of(),
                        List.of());
    }

    /** Why the mask that is stored is not the one that was decided. */
    private Optional<String> storedMask(PruningDecided decision) {
        ArtifactRef mask = decision.mask();
        if (decision.verdict() != Verdict.PRUNE || mask == null) {
            return Optional.empty();
        }
        try (ByteSource _ = new ArtifactFetcher(store, folder).fetch(mask)) {
            return Optional.empty();
        } catch (CorruptArtifactException e) {
            return Optional.of(ReasonCode.ARTIFACT_CORRUPT.code() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
