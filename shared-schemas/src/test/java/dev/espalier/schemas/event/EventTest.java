// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.testing.Specifications;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ids, subjects and keys are what consumers recognise a repeated event by. */
final class EventTest {

    private static final RunId RUN = new RunId("tiny");
    private static final Instant AT = Instant.ofEpochMilli(1_763_631_000_123L);
    private static final SnapshotPublished SNAPSHOT =
            new SnapshotPublished(
                    RUN,
                    42,
                    ArtifactRef.of("b", ObjectKey.weights(RUN, 42), Sha256.of(new byte[0]), 0),
                    null,
                    List.of(),
                    List.of());

    @Test
    void shouldNameEventsOfAnIteration() {
        requireNames(SNAPSHOT, "tiny/42/snapshot", "runs/tiny/iterations/42", "tiny");
        requireNames(
                new MeasurementFailed(RUN, 42, SNAPSHOT, new Reason("x", "y")),
                "tiny/42/measurement-failed",
                "runs/tiny/iterations/42",
                "tiny");
        requireNames(
                decision(Verdict.KEEP, null, 10, 10, 0),
                "tiny/42/decision",
                "runs/tiny/iterations/42",
                "tiny");
        requireNames(
                new EpochCompleted(RUN, 42, 3, 5, 0.1, 1, List.of()),
                "tiny/42/epoch-3",
                "runs/tiny/iterations/42",
                "tiny");
    }

    @Test
    void shouldSpreadRangesButTellTheirRun() {
        RangeRequested range = new RangeRequested(RUN, 42, SNAPSHOT, 3, 12, 100);
        requireNames(
                range, "tiny/42/range-3-of-12", "runs/tiny/iterations/42", "tiny/42/range-3-of-12");
        requireNames(
                new RangeRequested(RUN, 42, SNAPSHOT, null, 12, 100),
                "tiny/42/digest-of-12",
                "runs/tiny/iterations/42",
                "tiny/42/digest-of-12");
        assertThat(range.correlation()).isEqualTo("tiny");
        assertThat(SNAPSHOT.correlation()).isEqualTo("tiny");
    }

    @Test
    void shouldNameEventsOfARun() {
        requireNames(requested(RUN), "tiny/requested-running-1763631000123", "runs/tiny", "tiny");
        requireNames(
                new RunStatus(RUN, ReportedState.PAUSED, 42, null, 0.5, null, null, List.of(), AT),
                "tiny/42/status-paused-1763631000123",
                "runs/tiny",
                "tiny");
        requireNames(
                new PolicySelected("tiny", Policy.DEFAULT, AT),
                "tiny/policy-1763631000123",
                "runs/tiny",
                "tiny");
        requireNames(
                new PolicySelected("default", Policy.DEFAULT, AT),
                "default/policy-1763631000123",
                "policies/default",
                "default");
        requireNames(
                PolicyStatus.refused("tiny", null, 2, 17, new Reason("x", "y")),
                "tiny/policy-status-2-17",
                "runs/tiny",
                "tiny");
    }

    private static void requireNames(Event event, String id, String subject, String key) {
        assertThat(event.eventId()).isEqualTo(id);
        assertThat(event.subject()).isEqualTo(subject);
        assertThat(event.key()).isEqualTo(key);
        assertThat(event.type().record()).isEqualTo(event.getClass());
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void shouldFindTypesByName(EventType type) {
        assertThat(EventType.named(type.typeName())).contains(type);
        assertThat(type.typeName()).matches("dev\\.espalier\\.[a-z]+\\.[a-z]+\\.v1");
        assertThat(Event.class).isAssignableFrom(type.record());
    }

    @Test
    void shouldKnowNoOtherType() {
        assertThat(EventType.named("dev.espalier.run.requested.v2")).isEmpty();
        assertThat(Arrays.stream(EventType.values()).map(EventType::record))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldTieTheOutcomeToStop() {
        assertThatThrownBy(() -> decision(Verdict.STOP, null, 10, 10, 0))
                .hasMessageContaining("an outcome belongs to stop, and to stop alone");
        assertThatThrownBy(() -> decision(Verdict.PRUNE, Outcome.COMPLETED, 10, 10, 0))
                .hasMessageContaining("an outcome belongs to stop, and to stop alone");
        assertThat(decision(Verdict.STOP, Outcome.FAILED, 0, 0, 0).outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldRefuseCountsThatDoNotFit() {
        assertThatThrownBy(() -> decision(Verdict.PRUNE, null, 10, 5, 6))
                .hasMessage("pruned 6, active 5, total 10 do not fit together");
        assertThatThrownBy(() -> decision(Verdict.PRUNE, null, 10, 11, 6))
                .hasMessage("pruned 6, active 11, total 10 do not fit together");
        assertThatThrownBy(() -> decision(Verdict.PRUNE, null, 10, 5, -1))
                .hasMessageContaining("pruned -1");
    }

    @Test
    void shouldTieAPolicyToAcceptedAndAReasonToRefused() {
        var policy = new PolicyRef("p", "0123456789ab", "tiny/policy-1");
        assertThat(PolicyStatus.accepted("default", 0, 3, policy).selection())
                .isEqualTo("tiny/policy-1");
        assertThatThrownBy(
                        () ->
                                new PolicyStatus(
                                        "tiny",
                                        PolicyStatus.Answer.REFUSED,
                                        null,
                                        0,
                                        3,
                                        policy,
                                        new Reason("x", "y")))
                .hasMessageContaining("a policy belongs to accepted, a reason to refused");
        assertThatThrownBy(
                        () ->
                                new PolicyStatus(
                                        "tiny",
                                        PolicyStatus.Answer.REFUSED,
                                        null,
                                        0,
                                        3,
                                        null,
                                        null))
                .hasMessageContaining("reason is null");
    }

    @Test
    void shouldAskAFailedRunForItsReason() {
        assertThatThrownBy(
                        () ->
                                new RunStatus(
                                        RUN,
                                        ReportedState.FAILED,
                                        0,
                                        null,
                                        0,
                                        null,
                                        null,
                                        List.of(),
                                        AT))
                .hasMessage("a run that failed says why: reason is missing");
    }

    @Test
    void shouldRefuseARunNamedLikeTheDefaultPolicy() {
        assertThatThrownBy(() -> requested(new RunId("default")))
                .hasMessageContaining("a run cannot be named 'default'");
    }

    @Test
    void shouldRefuseIterationsThatNoKeyHolds() {
        assertThatThrownBy(() -> new EpochCompleted(RUN, -1, 1, 1, 0.1, 1, List.of()))
                .hasMessage("iteration is -1, outside 0 to 999999");
        assertThatThrownBy(() -> new EpochCompleted(RUN, 1_000_000, 1, 1, 0.1, 1, List.of()))
                .hasMessageContaining("1000000");
    }

    private static RunRequested requested(RunId run) {
        return new RunRequested(run, DesiredState.RUNNING, Specifications.external(null, null), AT);
    }

    private static PruningDecided decision(
            Verdict verdict, Outcome outcome, long total, long active, long pruned) {
        return new PruningDecided(
                RUN,
                42,
                verdict,
                outcome,
                new Reason("x", "y"),
                new PolicyRef("p", "0123456789ab", "built-in"),
                null,
                total,
                active,
                pruned,
                1,
                null,
                List.of(),
                List.of());
    }
}
