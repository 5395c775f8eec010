// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ThroughputTest {

    private static final Instant BEGIN = Instant.parse("2026-11-20T09:30:00Z");

    private final Throughput throughput = new Throughput(BEGIN);

    @Test
    void shouldCountFromLookToLook() {
        assertThat(throughput.latest()).isEmpty();

        throughput.look(BEGIN.plusSeconds(2), 1000);
        assertThat(throughput.latest()).hasValue(500.0);

        throughput.look(BEGIN.plusSeconds(3), 1100);
        assertThat(throughput.latest()).hasValue(100.0);
    }

    @Test
    void shouldLeaveOutTheTimeInWhichTrainingStoodStill() {
        throughput.look(BEGIN.plusSeconds(2), 1000);
        throughput.restart(BEGIN.plusSeconds(60), 1000);

        throughput.look(BEGIN.plusSeconds(61), 1700);

        assertThat(throughput.latest()).hasValue(700.0);
    }

    @Test
    void shouldKeepTheRateWhereALookComesTooSoon() {
        throughput.look(BEGIN.plusSeconds(2), 1000);

        throughput.look(BEGIN.plusSeconds(2).plusMillis(1), 1250);

        assertThat(throughput.latest()).hasValue(500.0);
        assertThat(Throughput.perSecond(250, Duration.ZERO)).isZero();
    }
}
