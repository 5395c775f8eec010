// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.dashboard.domain.ReadModel;
import dev.espalier.dashboard.testing.ScriptedRun;
import dev.espalier.schemas.run.TrainerKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ActiveRunsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final ReadModel model = new ReadModel();

    @Test
    void shouldKeepWhatHasEndedForAWhile() {
        complete("ended-now", NOW.minusSeconds(10));
        complete("ended-long-ago", NOW.minusSeconds(600));

        assertThat(ids(10)).containsExactly("ended-now");
    }

    @Test
    void shouldKeepARunningRunHoweverLongItIsSilent() {
        start("silent", NOW.minus(Duration.ofDays(3)));

        assertThat(ids(10)).containsExactly("silent");
    }

    @Test
    void shouldBoundTheNumberAndPreferTheLastUpdated() {
        start("older", NOW.minusSeconds(30));
        start("newer", NOW.minusSeconds(20));
        start("newest", NOW.minusSeconds(10));

        assertThat(ids(2)).containsExactly("newest", "newer");
    }

    private void start(String id, Instant at) {
        model.apply(new ScriptedRun(id, TrainerKind.ESPALIER, 3, at).requested(), at);
    }

    private void complete(String id, Instant at) {
        new ScriptedRun(id, TrainerKind.ESPALIER, 3, at)
                .all()
                .forEach(event -> model.apply(event, at));
    }

    private Iterable<String> ids(int most) {
        var settings =
                new DashboardSettings(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(2),
                        most,
                        Duration.ofMinutes(5));
        return new ActiveRuns(model, settings, Clock.fixed(NOW, ZoneOffset.UTC))
                .now().stream().map(run -> run.runId().value()).toList();
    }
}
