// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryScheduleTest {

    private final RetrySchedule schedule =
            new RetrySchedule(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void shouldDoublePausesUpToTheLongest() {
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(schedule::pause))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 5L, 5L);
    }

    @Test
    void shouldStayAtTheLongestPauseAfterManyFailures() {
        assertThat(schedule.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void shouldNeverBeOverWithoutLimit() {
        assertThat(schedule.isOver(Duration.ofDays(365))).isFalse();
    }

    @Test
    void shouldBeOverAtTheLimit() {
        RetrySchedule limited = schedule.within(Duration.ofSeconds(10));

        assertThat(limited.isOver(Duration.ofSeconds(9))).isFalse();
        assertThat(limited.isOver(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void shouldRefuseSenselessSchedules() {
        assertThatThrownBy(() -> new RetrySchedule(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> new RetrySchedule(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("PT1S");
        assertThatThrownBy(() -> schedule.pause(0)).hasMessageContaining("failures is 0");
    }
}
