// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FollowedRunTest {

    private static final Instant LATER = Events.NOW.plus(FollowedRun.GRACE);

    private final FollowedRun run = new FollowedRun(Events.RUN);

    private void hear(Event... events) {
        for (Event event : events) {
            run.hear(event, Events.NOW);
        }
    }

    @Test
    void shouldTellOfEachIterationOnce() {
        assertThat(run.hear(Events.pruned(0, 100, 25), Events.NOW)).isPresent();
        assertThat(run.hear(Events.pruned(0, 100, 30), Events.NOW)).isEmpty();

        assertThat(run.rows()).hasSize(1);
        assertThat(run.rows().getFirst().pruned()).isEqualTo(25);
    }

    @Test
    void shouldNotHearOfOtherRuns() {
        FollowedRun other = new FollowedRun(new RunId("r2"));

        other.hear(Events.status(ReportedState.FAILED, 1), Events.NOW);

        assertThat(other.ending(LATER)).isEmpty();
    }

    @Test
    void shouldEndWhenDecisionAndStatusBothSaySo() {
        hear(Events.requested(TrainerKind.ESPALIER, DesiredState.RUNNING));
        hear(Events.stopped(3, Outcome.COMPLETED));
        assertThat(run.ending(Events.NOW)).isEmpty();

        hear(Events.status(ReportedState.COMPLETED, 3));

        assertThat(run.ending(Events.NOW))
                .contains(new FollowedRun.Ending(ReportedState.COMPLETED, "the reason"));
    }

    @Test
    void shouldWaitForTheLastRowWhenTheStatusComesFirst() {
        hear(Events.requested(TrainerKind.ESPALIER, DesiredState.RUNNING));
        hear(Events.status(ReportedState.COMPLETED, 3));
        assertThat(run.ending(Events.NOW)).isEmpty();
        assertThat(run.ending(LATER)).isPresent();

        hear(Events.stopped(3, Outcome.COMPLETED));

        assertThat(run.ending(Events.NOW)).isPresent();
    }

    @Test
    void shouldNotWaitForeverForTheTrainer() {
        hear(Events.requested(TrainerKind.ESPALIER, DesiredState.RUNNING));
        hear(Events.stopped(3, Outcome.FAILED));

        assertThat(run.ending(LATER.minus(Duration.ofMillis(1)))).isEmpty();
        assertThat(run.ending(LATER)).map(FollowedRun.Ending::state).contains(ReportedState.FAILED);
    }

    @Test
    void shouldEndAtOnceWhenTheTrainerGaveUp() {
        hear(Events.status(ReportedState.FAILED, 0));

        assertThat(run.ending(Events.NOW))
                .contains(new FollowedRun.Ending(ReportedState.FAILED, "there is no data"));
    }

    @Test
    void shouldEndAnExternalRunOnItsDecision() {
        hear(Events.requested(TrainerKind.EXTERNAL, DesiredState.RUNNING));
        assertThat(run.ending(LATER)).isEmpty();

        hear(Events.stopped(2, Outcome.COMPLETED));

        assertThat(run.ending(Events.NOW))
                .map(FollowedRun.Ending::state)
                .contains(ReportedState.COMPLETED);
    }

    @Test
    void shouldEndAnExternalRunThatWasAskedToStop() {
        hear(Events.requested(TrainerKind.EXTERNAL, DesiredState.STOPPED));

        assertThat(run.ending(Events.NOW))
                .map(FollowedRun.Ending::state)
                .contains(ReportedState.STOPPED);
    }

    @Test
    void shouldGoOnAfterAPause() {
        hear(
                Events.status(ReportedState.PAUSED, 1),
                Events.status(ReportedState.RUNNING, 1),
                Events.epoch(1, 2));

        assertThat(run.ending(LATER)).isEmpty();
        assertThat(run.iteration()).isEqualTo(1);
        assertThat(run.epoch()).isNotNull();
        hear(Events.pruned(1, 100, 10));
        assertThat(run.iteration()).isEqualTo(2);
        assertThat(run.epoch()).isNull();
    }

    @Test
    void shouldReportExactlyTheFieldsThatScriptsRelyOn() throws IOException {
        hear(Events.pruned(0, 100, 25), Events.stopped(1, Outcome.COMPLETED));

        JsonNode report =
                Json.mapper()
                        .readTree(
                                Json.bytes(
                                        run.report(
                                                new FollowedRun.Ending(
                                                        ReportedState.COMPLETED, null))));

        assertThat(report.fieldNames())
                .toIterable()
                .containsExactly("runId", "iterations", "status");
        assertThat(report.path("runId").textValue()).isEqualTo("r1");
        assertThat(report.path("status").textValue()).isEqualTo("completed");
        JsonNode first = report.path("iterations").path(0);
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly(
                        "iteration",
                        "remaining",
                        "pqi",
                        "accuracy",
                        "verdict",
                        "reason",
                        "pruned",
                        "active");
        assertThat(first.path("remaining").doubleValue()).isEqualTo(1.0);
        assertThat(first.path("pqi").doubleValue()).isEqualTo(0.25);
        assertThat(first.path("accuracy").doubleValue()).isEqualTo(0.9);
        assertThat(first.path("verdict").textValue()).isEqualTo("prune");
        assertThat(first.path("reason").textValue()).isEqualTo("the reason");
        assertThat(first.path("pruned").longValue()).isEqualTo(25);
        assertThat(first.path("active").longValue()).isEqualTo(100);
        assertThat(report.path("iterations").path(1).path("verdict").textValue()).isEqualTo("stop");
    }

    @Test
    void shouldAlignTheRowsOfTheTable() {
        assertThat(IterationTable.header())
                .isEqualTo("iteration  remaining %     PQI  accuracy  verdict    reason");
        assertThat(IterationTable.line(IterationRow.of(Events.pruned(3, 68, 5))))
                .isEqualTo("        3        68.00  0.2500    0.9000  prune      the reason");
        assertThat(IterationTable.oneLine("first\nMaybe second")).isEqualTo("first. Maybe second");
    }
}
