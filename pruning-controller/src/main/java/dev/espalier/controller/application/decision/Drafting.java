// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.application.Runs.KnownRun;
import dev.espalier.controller.application.SelectedPolicies.ChosenPolicy;
import dev.espalier.controller.domain.Proposal;
import dev.espalier.controller.domain.guard.Budget;
import dev.espalier.controller.domain.guard.Watch;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.verdict.Divergence;
import dev.espalier.controller.domain.verdict.ReasonCode;
import dev.espalier.controller.domain.verdict.Ruling;
import dev.espalier.controller.domain.verdict.Situation;
import dev.espalier.controller.domain.verdict.Verdicts;
import dev.espalier.controller.domain.weights.UnusableSnapshotException;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PruningDecided.TensorCount;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.objects.CorruptArtifactException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes decisions out of events, without telling anyone. Equal inputs give equal bytes. */
final class Drafting {

    private static final Logger LOGGER = LoggerFactory.getLogger(Drafting.class);

    private final Snapshots snapshots;
    private final Masks masks;
    private final Register register;
    private final AskedShadows shadows;
    private final Formulas formulas;

    Drafting(Snapshots snapshots, Masks masks, Register register, Formulas formulas) {
        this.snapshots = snapshots;
        this.masks = masks;
        this.register = register;
        this.shadows = new AskedShadows(masks, formulas);
        this.formulas = formulas;
    }

    /**
     * @param policies all that could hold, the one in force first
     */
    Draft of(CompressibilityMeasured event, KnownRun run, List<ChosenPolicy> policies)
            throws IOException {
        SnapshotPublished published = event.snapshot();
        Reason reason;
        Counts counts;
        try (Snapshot snapshot =
                snapshots.open(published.weights(), published.mask(), event.measurement())) {
            var passedOver = new StringBuilder();
            for (ChosenPolicy policy : policies) {
                try {
                    return under(policy, event, run, snapshot, passedOver.toString());
                } catch (PolicyNotApplicableException e) {
                    LOGGER.warn(
                            "A policy is passed over: runId={} iteration={} policy={} error={}",
                            event.runId(),
                            event.iteration(),
                            policy.policy().name(),
                            e.getMessage());
                    passedOver.append(e.getMessage()).append("; ");
                }
            }
            reason = ReasonCode.POLICY_NOT_APPLICABLE.because(passedOver + "no policy is left");
            counts = Counts.of(snapshot.weights());
        } catch (CorruptArtifactException | SafetensorsException | UnusableSnapshotException e) {
            reason = ReasonCode.ARTIFACT_CORRUPT.because(String.valueOf(e.getMessage()));
            counts = counts(published);
        }
        return new Draft(
                Draft.record(
                        published,
                        event.measurement(),
                        policies.getFirst(),
                        Ruling.failed(reason),
                        null,
                        counts,
                        Draft.Findings.NONE),
                null);
    }

    /**
     * @param policy in force
     */
    Draft of(MeasurementFailed event, ChosenPolicy policy) throws IOException {
        return new Draft(
                Draft.record(
                        event.snapshot(),
                        null,
                        policy,
                        Ruling.failed(event.reason()),
                        null,
                        counts(event.snapshot()),
                        Draft.Findings.NONE),
                null);
    }

    private Draft under(
            ChosenPolicy policy,
            CompressibilityMeasured event,
            KnownRun run,
            Snapshot snapshot,
            String preface)
            throws IOException {
        Measurement measured = snapshot.measurement();
        SnapshotPublished published = event.snapshot();
        GroupIndex pqi = measured.shown();
        var history = new RememberedHistory(register, event.runId());
        Watch watch =
                Watch.of(
                        policy.policy(),
                        PolicyVersion.of(policy.policy()),
                        event.iteration(),
                        published.metrics(),
                        pqi,
                        snapshot.weights().active(),
                        history,
                        run.specification().kept());
        Policy watched = policy.policy().watchedBy(run.specification().shadows());
        Moment moment =
                Moments.of(
                        watched,
                        event.iteration(),
                        watch.easing(),
                        Situation.remaining(
                                snapshot.weights().active(), snapshot.weights().total()),
                        published.metrics(),
                        history);
        Plan plan =
                Planner.plan(
                        policy.policy(),
                        moment,
                        measured.exponents(),
                        measured.tensors(),
                        formulas);
        var situation =
                new Situation(
                        event.iteration(),
                        run.specification().length(),
                        run.specification().rewind(),
                        snapshot.weights().total(),
                        snapshot.weights().active(),
                        pqi,
                        plan,
                        watch);
        Ruling ruling = Divergence.judge(published, Verdicts.on(situation)).prefaced(preface);
        return switch (ruling.verdict()) {
            case PRUNE -> {
                MadeMask mask = masks.make(event.runId(), event.iteration(), snapshot, plan);
                try {
                    yield draft(
                            event,
                            snapshot,
                            policy,
                            ruling,
                            watch,
                            plan,
                            mask,
                            shadows.of(event, snapshot, watched, moment, mask));
                } catch (IOException | RuntimeException e) {
                    mask.close();
                    throw e;
                }
            }
            case KEEP, STOP, ROLL_BACK ->
                    draft(
                            event,
                            snapshot,
                            policy,
                            ruling,
                            watch,
                            plan,
                            null,
                            shadows.of(event, snapshot, watched, moment, null));
        };
    }

    private Draft draft(
            CompressibilityMeasured event,
            Snapshot snapshot,
            ChosenPolicy policy,
            Ruling ruling,
            Watch watch,
            Plan plan,
            @Nullable MadeMask mask,
            @Nullable List<ShadowOutcome> beside)
            throws IOException {
        Budget budget = watch.budget();
        DecisionRecord target =
                ruling.verdict() == Verdict.ROLL_BACK && budget != null
                        ? budget.lastWithin()
                        : null;
        GuardState guard = null;
        if (budget != null) {
            guard =
                    target == null
                            ? budget.state()
                            : budget.rolledBack(target.decision().iteration());
        }
        var findings =
                new Draft.Findings(
                        snapshot.measurement().shown(),
                        switch (ruling.verdict()) {
                            case PRUNE -> plan.groups();
                            case KEEP -> plan.spared("the policy holds");
                            case ROLL_BACK -> plan.spared("the run goes back");
                            case STOP -> plan.spared("the run stops");
                        },
                        Proposal.excluded(snapshot.weights(), plan),
                        watch.trend(),
                        guard,
                        beside,
                        mask == null ? null : masks.index(snapshot, mask));
        ArtifactRef next =
                switch (ruling.verdict()) {
                    case PRUNE -> mask == null ? null : mask.ref();
                    case KEEP -> event.snapshot().mask();
                    case ROLL_BACK -> target == null ? null : target.mask();
                    case STOP -> null;
                };
        Counts counts =
                mask == null
                        ? Counts.of(snapshot.weights())
                        : Counts.of(snapshot.weights(), mask.mask());
        return new Draft(
                Draft.record(
                        event.snapshot(),
                        event.measurement(),
                        policy,
                        ruling.followed(emptied(counts)),
                        next,
                        counts,
                        findings),
                mask);
    }

    /** Only the global scope takes all of a tensor: a warning, as there are ways around a layer. */
    private static String emptied(Counts counts) {
        List<String> names =
                counts.tensors().stream()
                        .filter(t -> t.active() > 0 && t.active() == t.pruned())
                        .map(TensorCount::tensor)
                        .toList();
        return names.isEmpty()
                ? ""
                : "; %s %s no weight left, so nothing passes through\nMaybe exclude %s, or take the scope layer"
                        .formatted(
                                String.join(", ", names),
                                names.size() == 1 ? "has" : "have",
                                names.size() == 1 ? "it" : "them");
    }

    /**
     * As far as they can be known of a snapshot that is no use: from its header, or from before.
     */
    private Counts counts(SnapshotPublished snapshot) throws IOException {
        try {
            return snapshots.unmeasured(snapshot.weights(), snapshot.mask());
        } catch (CorruptArtifactException | SafetensorsException e) {
            return snapshot.iteration() == 0
                    ? Counts.UNKNOWN
                    : register.find(snapshot.runId(), snapshot.iteration() - 1)
                            .map(DecisionRecord::decision)
                            .map(Counts::after)
                            .orElse(Counts.UNKNOWN);
        }
    }
}
