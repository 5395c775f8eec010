// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.CreationProbe;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartupGateTest {

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Readiness readiness = new Readiness();
    private final List<String> order = new ArrayList<>();

    private void open(Runnable onPause) throws InterruptedException {
        var time =
                new Time() {
                    @Override
                    public Duration elapsed() {
                        return Duration.ZERO;
                    }

                    @Override
                    public void pause(Duration duration) {
                        onPause.run();
                    }
                };
        var patience =
                new Patience(
                        Duration.ZERO, Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(2));
        List<TopicView> views = List.of(() -> order.add("runs"), () -> order.add("policies"));
        new StartupGate(new CreationProbe(store), views, patience, readiness, time).open();
    }

    @Test
    void shouldBeReadyWhenTheStoreWasProvedAndTheViewsWereRead() throws InterruptedException {
        assertThat(readiness.hindrance()).contains("not probed");

        open(() -> {});

        assertThat(order).containsExactly("runs", "policies");
        assertThat(readiness.hindrance()).isNull();
    }

    @Test
    void shouldWaitForAStoreThatIsAway() throws InterruptedException {
        store.onStep(
                step -> {
                    throw new StoreUnavailableException("no store", new IOException("refused"));
                });

        open(() -> store.onStep(step -> {}));

        assertThat(readiness.hindrance()).isNull();
    }

    @Test
    void invariant1ShouldStayClosedWhenTheStoreLetsEachCreatorWin() {
        store.onStep(
                step -> {
                    if (step.startsWith("before creating")) {
                        store.forget();
                    }
                });

        assertThatThrownBy(() -> open(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not honour If-None-Match");
        assertThat(readiness.hindrance()).isNotNull();
    }
}
