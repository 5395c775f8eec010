// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.transport.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BackgroundCheckTest {

    private static final Duration OFTEN = Duration.ofMillis(5);

    private final Availability availability =
            new Availability(new SystemTime(), EnumSet.of(Dependency.BROKER, Dependency.STORE));

    @Test
    void shouldFindADependencyAgainAfterAnOutage() {
        var checks = new AtomicInteger();
        Probe flaky =
                () -> {
                    if (checks.incrementAndGet() < 5) {
                        throw new IOException("refused");
                    }
                };

        try (var _ =
                BackgroundCheck.start(
                        availability,
                        Map.of(Dependency.STORE, flaky, Dependency.BROKER, () -> {}),
                        OFTEN)) {
            await().until(() -> availability.readiness().isReady());
        }

        assertThat(checks.get()).isGreaterThanOrEqualTo(5);
    }

    @Test
    void shouldNotLetAFrozenDependencyDelayAnotherOne() {
        var frozen = new CountDownLatch(1);

        try (var _ =
                BackgroundCheck.start(
                        availability,
                        Map.of(Dependency.STORE, frozen::await, Dependency.BROKER, () -> {}),
                        OFTEN)) {
            await().until(() -> availability.sinceSuccess(Dependency.BROKER).isPresent());
        }

        assertThat(availability.readiness().text()).contains("object store has not answered");
    }
}
