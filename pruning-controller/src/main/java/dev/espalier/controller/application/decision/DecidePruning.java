// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.application.BrokerUnavailableException;
import dev.espalier.controller.application.EventPublisher;
import dev.espalier.controller.application.Runs;
import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies;
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
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.InvalidDocumentException;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decision per run and iteration. The register is written first, so that whoever comes second,
 * or again, follows what is there; then the mask, which the register lets anybody make again; then
 * the event. {@code DESIGN.md} walks through every instant at which a process may die.
 */
public final class DecidePruning {

    private static final Logger LOGGER = LoggerFactory.getLogger(DecidePruning.class);

    private final ObjectStore store;
    private final Runs runs;
    private final EventPublisher publisher;
    private final PolicyPrecedence policies;
    private final Register register;
    private final Masks masks;
    private final Drafting drafting;
    private final CollectObjects collecting;

    /**
     * @param formulas for policies with expressions
     * @param folder for temporary files
     */
    public DecidePruning(
            ObjectStore store,
            Runs runs,
            SelectedPolicies selected,
            EventPublisher publisher,
            Formulas formulas,
            Path folder) {
        this.store = store;
        this.runs = runs;
        this.publisher = publisher;
        this.policies = new PolicyPrecedence(selected);
        this.register = new Register(store);
        var snapshots = new Snapshots(new ArtifactFetcher(store, folder));
        this.masks = new Masks(snapshots, register, store.bucket(), folder, formulas);
        this.drafting = new Drafting(snapshots, masks, register, formulas);
        this.collecting = new CollectObjects(store, register);
    }

    /**
     * Decides on a snapshot, or follows what was decided. Doing it again does no harm.
     *
     * @param event a measurement, or that there is none
     * @param cause the id of that event
     * @throws UnknownRunException if the run was not requested, so far
     * @throws dev.espalier.transport.objects.StoreUnavailableException where trying again may help
     * @throws BrokerUnavailableException likewise
     * @throws RuntimeException any other one if trying again does not help
     */
    public Decided decide(IterationEvent event, String cause) {
        try {
            Optional<DecisionRecord> there = register.find(event.runId(), event.iteration());
            return there.isPresent() ? follow(there.get(), event, cause) : lead(event, cause);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep temporary files", e);
        }
    }

    private Decided lead(IterationEvent event, String cause) throws IOException {
        KnownRun run = known(event.runId());
        try (Draft draft = draft(event, run)) {
            if (!register.enter(draft.record())) {
                return follow(entered(event), event, cause);
            }
            if (draft.mask() != null) {
                upload(draft.mask());
            }
            Decided decided = announce(draft.record(), event, cause, true);
            collecting.after(decided.decision(), run.specification().kept());
            return decided;
        }
    }

    private Draft draft(IterationEvent event, KnownRun run) throws IOException {
        var chain = policies.of(event.runId(), run);
        return switch (event) {
            case CompressibilityMeasured measured -> {
                requireSame(event, measured.snapshot());
                yield drafting.of(measured, run, chain);
            }
            case MeasurementFailed failed -> {
                requireSame(event, failed.snapshot());
                yield drafting.of(failed, chain.getFirst());
            }
            case IterationEvent other ->
                    throw new IllegalArgumentException(
                            "nothing is decided on %s".formatted(other.eventId()));
        };
    }

    private static void requireSame(IterationEvent event, SnapshotPublished snapshot) {
        if (!event.subject().equals(snapshot.subject())) {
            throw new IllegalArgumentException(
                    "%s holds the snapshot %s".formatted(event.subject(), snapshot.subject()));
        }
    }

    /** The specification that the trainer accepted holds; a later request cannot change it. */
    private KnownRun known(RunId run) {
        KnownRun asked = runs.find(run).orElseThrow(() -> new UnknownRunException(run));
        ObjectKey key = ObjectKey.specification(run);
        try {
            return store.read(key)
                    .map(json -> Document.RUN_SPECIFICATION.readJson(key.value(), json))
                    .map(accepted -> new KnownRun(accepted, asked.requestId()))
                    .orElse(asked);
        } catch (InvalidDocumentException e) {
            LOGGER.warn(
                    "The request holds, for the accepted specification is none: runId={} error={}",
                    run,
                    e.getMessage());
            return asked;
        }
    }

    private DecisionRecord entered(IterationEvent event) {
        return register.find(event.runId(), event.iteration())
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the store refuses to create the decision on %s, but has none"
                                                .formatted(event.subject())));
    }

    private Decided follow(DecisionRecord decided, IterationEvent event, String cause)
            throws IOException {
        ArtifactRef mask = decided.decision().mask();
        if (decided.decision().verdict() == Verdict.PRUNE
                && mask != null
                && !isThere(mask)
                && !isPast(event)) {
            try (MadeMask made = masks.again(decided, measurement(decided))) {
                upload(made);
            }
        }
        return announce(decided, event, cause, false);
    }

    /** Whether the mask was used: then it is missing because the run no longer keeps it. */
    private boolean isPast(IterationEvent event) {
        return register.find(event.runId(), event.iteration() + 1).isPresent();
    }

    private static ArtifactRef measurement(DecisionRecord decided) {
        return Objects.requireNonNull(
                decided.measurement(), "a decision to prune names its measurement");
    }

    private boolean isThere(ArtifactRef mask) {
        OptionalLong size = store.size(mask.key());
        if (size.isPresent() && size.getAsLong() != mask.sizeBytes()) {
            throw new CorruptArtifactException(
                    "%s has %d bytes, the register says %d"
                            .formatted(mask.uri(), size.getAsLong(), mask.sizeBytes()));
        }
        return size.isPresent();
    }

    private void upload(MadeMask mask) {
        ArtifactRef stored = store.upload(mask.ref().key(), mask.file());
        if (!stored.equals(mask.ref())) {
            throw new CorruptArtifactException(
                    "%s is in the store with the sha256 %s, the register says %s"
                            .formatted(stored.uri(), stored.sha256(), mask.ref().sha256()));
        }
    }

    private Decided announce(
            DecisionRecord decided, IterationEvent event, String cause, boolean first) {
        PruningDecided decision = decided.decision();
        publisher.publish(decision, cause);
        LOGGER.info(
                "{}: runId={} iteration={} policy={} reason={} {}",
                first ? "Decided to " + decision.verdict().label() : "Announced again",
                decision.runId(),
                decision.iteration(),
                decision.policy().version(),
                decision.reason().code(),
                decision.reason().message());
        boolean corrupt =
                event instanceof CompressibilityMeasured
                        && decision.reason().code().equals(ReasonCode.ARTIFACT_CORRUPT.code());
        return new Decided(decision, first, corrupt ? decision.reason().message() : null);
    }
}
