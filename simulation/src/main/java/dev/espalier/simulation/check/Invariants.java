// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.transport.documents.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The invariants of one run. */
public final class Invariants {

    private static final Set<String> DECIDED =
            Set.of("measurement.json", "decision.json", "mask.safetensors");

    private final Evidence evidence;
    private final List<Violation> violations = new ArrayList<>();

    public Invariants(Evidence evidence) {
        this.evidence = evidence;
    }

    /**
     * @param undisturbed what the run should have come to, under the same policies
     * @param mayBeStopped whether a user stopped it at some time
     */
    public List<Violation> check(RunId run, Reference undisturbed, boolean mayBeStopped) {
        List<DecisionRecord> decisions = evidence.decisions(run);
        acted(run, decisions);
        policies(run, decisions);
        boolean isStopped = ended(run, undisturbed, mayBeStopped);
        compare(run, undisturbed, isStopped);
        try {
            new MaskChecks(evidence, violations::add).check(run, decisions);
        } catch (MissingObjectException | SafetensorsException e) {
            violated(5, String.valueOf(e.getMessage()));
        }
        return violations;
    }

    private void violated(int invariant, String what) {
        violations.add(new Violation(invariant, what));
    }

    /** 1: the register holds what was said, and each snapshot obeys the decision before it. */
    private void acted(RunId run, List<DecisionRecord> decisions) {
        evidence.events(Topic.DECISIONS, PruningDecided.class)
                .filter(said -> said.runId().equals(run))
                .distinct()
                .filter(
                        said ->
                                said.iteration() >= decisions.size()
                                        || !decisions.get(said.iteration()).decision().equals(said))
                .forEach(
                        said ->
                                violated(
                                        1,
                                        "%s was announced and is not what the register says"
                                                .formatted(said.eventId())));
        evidence.events(Topic.SNAPSHOTS, SnapshotPublished.class)
                .filter(snapshot -> snapshot.runId().equals(run) && snapshot.iteration() > 0)
                .distinct()
                .forEach(snapshot -> obeys(snapshot, decisions));
    }

    private void obeys(SnapshotPublished snapshot, List<DecisionRecord> decisions) {
        if (snapshot.iteration() > decisions.size()) {
            violated(1, "%s follows no decision".formatted(snapshot.eventId()));
            return;
        }
        DecisionRecord record = decisions.get(snapshot.iteration() - 1);
        @Nullable ArtifactRef decided =
                record.decision().verdict() == Verdict.KEEP
                        ? record.mask()
                        : record.decision().mask();
        if (record.decision().verdict() == Verdict.STOP
                || !Objects.equals(decided, snapshot.mask())) {
            violated(
                    1,
                    "%s was trained with the mask %s; decided was to %s with %s"
                            .formatted(
                                    snapshot.eventId(),
                                    snapshot.mask(),
                                    record.decision().verdict().label(),
                                    decided));
        }
    }

    /** 7: each decision names the policy that it used, and the event that put it in force. */
    private void policies(RunId run, List<DecisionRecord> decisions) {
        for (DecisionRecord record : decisions) {
            PruningDecided decision = record.decision();
            boolean isNamed =
                    decision.policy().name().equals(record.policy().name())
                            && decision.policy()
                                    .version()
                                    .equals(PolicyVersion.of(record.policy()));
            if (!isNamed || !isInForce(run, record.policy(), decision.policy().setBy())) {
                violated(
                        7,
                        "%s names %s, which did not put '%s' in force"
                                .formatted(
                                        decision.eventId(),
                                        decision.policy(),
                                        record.policy().name()));
            }
        }
    }

    private boolean isInForce(RunId run, Policy policy, String setBy) {
        return (setBy.equals("built-in") && policy.equals(Policy.DEFAULT))
                || evidence.events(Topic.POLICIES, PolicySelected.class)
                        .filter(e -> e.targetsDefault() || e.target().equals(run.value()))
                        .anyMatch(e -> e.eventId().equals(setBy) && e.policy().equals(policy))
                || evidence.events(Topic.RUNS, RunRequested.class)
                        .filter(e -> e.runId().equals(run) && e.eventId().equals(setBy))
                        .anyMatch(e -> policy.equals(e.specification().policy()));
    }

    /** 6: the run is over, and says why, as it should. */
    private boolean ended(RunId run, Reference undisturbed, boolean mayBeStopped) {
        RunStatus last = evidence.status(run);
        if (last == null || !last.state().isFinal() || last.reason() == null) {
            violated(6, "%s is not over; last was said %s".formatted(run, last));
            return mayBeStopped;
        }
        if (mayBeStopped && last.state() == ReportedState.STOPPED) {
            return true;
        }
        if (last.state() != undisturbed.state()
                || !Objects.equals(last.reason(), undisturbed.reason())) {
            violated(
                    6,
                    "%s is %s: %s; undisturbed it is %s: %s"
                            .formatted(
                                    run,
                                    last.state(),
                                    last.reason(),
                                    undisturbed.state(),
                                    undisturbed.reason()));
        }
        return mayBeStopped;
    }

    /** 4 and 5: the same bytes, those of decisions and those of training. */
    private void compare(RunId run, Reference undisturbed, boolean isStopped) {
        SortedMap<String, Sha256> own = evidence.objects(run);
        Set<String> keys = new TreeSet<>(own.keySet());
        keys.addAll(undisturbed.objects().keySet());
        for (String key : keys) {
            Sha256 is = own.get(key);
            Sha256 should = undisturbed.objects().get(key);
            boolean isMissing = is == null && !isStopped;
            if (isMissing || (is != null && !is.equals(should))) {
                violated(
                        DECIDED.contains(key.substring(key.lastIndexOf('/') + 1)) ? 4 : 5,
                        "%s is %s, undisturbed it is %s (%s)"
                                .formatted(key, is, should, evidence.writer(key)));
                return;
            }
        }
    }
}
