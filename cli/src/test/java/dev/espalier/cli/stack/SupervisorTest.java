// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.host.Ports;
import dev.espalier.local.process.ServiceFailedException;
import dev.espalier.local.process.ServiceSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SupervisorTest {

    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final AtomicInteger newProcesses = new AtomicInteger();

    private Supervisor start(String mainClass) {
        ServiceSpec spec =
                new ServiceSpec(
                        "fake",
                        List.of(Path.of("target/test-classes")),
                        mainClass,
                        List.of(),
                        Ports.free(),
                        List.of("-Xmx32m"),
                        Map.of("INSTANCE_ID", "fake-0"),
                        Optional.empty());
        return Supervisor.start(
                List.of(spec), Clock.systemUTC(), notices::add, newProcesses::incrementAndGet);
    }

    @Test
    void shouldStartAServiceAgainThatWasKilled() {
        try (Supervisor supervisor = start(FakeService.class.getName())) {
            supervisor.awaitReady();
            long first = supervisor.pids().get("fake");

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> notices.contains("fake is ready again"));
            assertThat(supervisor.pids().get("fake")).isNotEqualTo(first);
            assertThat(newProcesses).hasValue(1);
            assertThat(notices.getFirst())
                    .isEqualTo("fake ended with exit code 137; it starts again in 1 s");
        }
    }

    @Test
    void shouldLetNoProcessLiveOn() {
        Supervisor supervisor = start(FakeService.class.getName());
        supervisor.awaitReady();
        ProcessHandle process = ProcessHandle.of(supervisor.pids().get("fake")).orElseThrow();

        supervisor.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(notices).isEmpty();
    }

    @Test
    void shouldNotStartAgainWhatNeverWasReady() {
        try (Supervisor supervisor = start("no.such.Main")) {
            assertThatThrownBy(supervisor::awaitReady)
                    .isInstanceOf(ServiceFailedException.class)
                    .hasMessageContaining("fake ended with exit code 1");
            assertThat(notices).isEmpty();
        }
    }
}
