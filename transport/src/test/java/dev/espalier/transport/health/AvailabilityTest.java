// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.transport.testing.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

final class AvailabilityTest {

    private final VirtualTime time = new VirtualTime();
    private final Availability availability =
            new Availability(time, EnumSet.of(Dependency.BROKER, Dependency.STORE));

    @Test
    void shouldNotBeReadyBeforeTheFirstAnswers() {
        availability.succeeded(Dependency.BROKER);

        assertThat(availability.readiness().isReady()).isFalse();
        assertThat(availability.readiness().text())
                .isEqualTo("the object store has not answered yet");
    }

    @Test
    void shouldBeReadyWhileAllAnswersAreFresh() {
        answer();

        time.advance(Duration.ofSeconds(10));

        assertThat(availability.readiness().isReady()).isTrue();
    }

    @Test
    void shouldNotBeReadyOnceAnAnswerIsOld() {
        answer();

        time.advance(Duration.ofSeconds(11));
        availability.succeeded(Dependency.BROKER);

        assertThat(availability.readiness().reasons())
                .containsExactly("the object store has not answered for 11 s");
    }

    @Test
    void shouldNotBeReadyDuringALongWaitAndSayWhatFor() {
        try (var wait = availability.waitFor(Dependency.DISK, "no space left")) {
            time.advance(Duration.ofSeconds(11));
            answer();

            assertThat(availability.readiness().text())
                    .isEqualTo("waiting for the temporary disk for 11 s: no space left");
            wait.update("still no space");
            assertThat(availability.waiting())
                    .containsExactly(
                            new Availability.Waiting(
                                    Dependency.DISK, "still no space", Instant.EPOCH));
        }
        assertThat(availability.readiness().isReady()).isTrue();
        assertThat(availability.waiting()).isEmpty();
    }

    @Test
    void shouldStayReadyDuringAShortWait() {
        answer();

        try (var _ = availability.waitFor(Dependency.STORE, "HTTP 503")) {
            time.advance(Duration.ofSeconds(2));

            assertThat(availability.readiness().isReady()).isTrue();
        }
    }

    @Test
    void shouldNotBeReadyWhileBlocked() {
        answer();

        availability.block("instance", "another process uses INSTANCE_ID=a");

        assertThat(availability.readiness().text()).isEqualTo("another process uses INSTANCE_ID=a");
        availability.unblock("instance");
        assertThat(availability.readiness().isReady()).isTrue();
    }

    private void answer() {
        availability.succeeded(Dependency.BROKER);
        availability.succeeded(Dependency.STORE);
    }
}
