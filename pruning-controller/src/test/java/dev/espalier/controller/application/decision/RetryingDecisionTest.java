// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.controller.application.Patience;
import dev.espalier.controller.application.Readiness;
import dev.espalier.controller.application.Time;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryingDecisionTest {

    private static final Patience PATIENCE =
            new Patience(
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(10),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(15));

    /** Time that passes only in pauses. */
    private static final class PausedTime implements Time {

        private final List<Duration> pauses = new ArrayList<>();
        private Runnable meanwhile = () -> {};

        @Override
        public Duration elapsed() {
            return pauses.stream().reduce(Duration.ZERO, Duration::plus);
        }

        @Override
        public void pause(Duration duration) {
            pauses.add(duration);
            meanwhile.run();
        }
    }

    @TempDir private Path folder;
    private final PausedTime time = new PausedTime();
    private final Readiness readiness = new Readiness();
    private World world;
    private CompressibilityMeasured event;
    private RetryingDecision decide;

    @BeforeEach
    void create() {
        world = new World(folder);
        event = world.loop.measured(0, World.weights(1), null);
        decide = new RetryingDecision(world.controller(), PATIENCE, readiness, time);
        readiness.open();
    }

    private void outage() {
        world.onStep =
                step -> {
                    throw new StoreUnavailableException("no store", new IOException("refused"));
                };
    }

    @Test
    void shouldWaitForARunThatTheViewDoesNotKnowYet() throws InterruptedException {
        var specification = world.specification;
        world.specification = null;
        time.meanwhile =
                () -> {
                    if (time.pauses.size() == 5) {
                        world.specification = specification;
                    }
                };

        assertThat(decide.decide(event, "cause").first()).isTrue();
        assertThat(time.pauses).hasSize(5);
        assertThat(readiness.hindrance()).isNull();
    }

    @Test
    void shouldGiveUpOnARunThatNobodyRequested() {
        world.specification = null;

        assertThatThrownBy(() -> decide.decide(event, "cause"))
                .isInstanceOf(GaveUpException.class)
                .hasMessageContaining("gave up after PT1M: the run 'tiny' was not requested");
        assertThat(time.elapsed()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(75));
    }

    @Test
    void shouldTryAgainAfterItStoodStillForLongerThanItsPatience() throws InterruptedException {
        var specification = world.specification;
        world.specification = null;
        world.onStep = step -> time.pauses.add(Duration.ofMinutes(2));
        time.meanwhile =
                () -> {
                    world.onStep = step -> {};
                    world.specification = specification;
                };

        assertThat(decide.decide(event, "cause").first()).isTrue();
    }

    @Test
    void shouldHaveAllPatienceForARunAfterAnOutage() throws InterruptedException {
        var specification = world.specification;
        world.specification = null;
        outage();
        time.meanwhile =
                () -> {
                    if (time.elapsed().compareTo(Duration.ofMinutes(5)) > 0) {
                        world.onStep = step -> {};
                    }
                    if (time.elapsed().compareTo(Duration.ofSeconds(330)) > 0) {
                        world.specification = specification;
                    }
                };

        assertThat(decide.decide(event, "cause").first()).isTrue();
    }

    @Test
    void shouldOutlastAnOutageAndNotBeReadyMeanwhile() throws InterruptedException {
        outage();
        List<String> hindrances = new ArrayList<>();
        time.meanwhile =
                () -> {
                    hindrances.add(String.valueOf(readiness.hindrance()));
                    if (time.elapsed().compareTo(Duration.ofMinutes(5)) > 0) {
                        world.onStep = step -> {};
                    }
                };

        assertThat(decide.decide(event, "cause").first()).isTrue();
        assertThat(hindrances).isNotEmpty().allMatch("no store"::equals);
        assertThat(readiness.hindrance()).isNull();
        assertThat(time.pauses).last().isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldGiveUpOnAnOutageInTheEnd() {
        outage();

        assertThatThrownBy(() -> decide.decide(event, "cause"))
                .isInstanceOf(GaveUpException.class)
                .hasMessageContaining("PT10M")
                .hasMessageContaining("no store");
        assertThat(readiness.hindrance()).isEqualTo("no store");
    }
}
