// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.host.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir Path folder;

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<ServiceExit> exits = new ConcurrentLinkedQueue<>();

    @Test
    void shouldStartCarryLinesStopAndStartAgain() throws Exception {
        Path log = folder.resolve("logs/svc.log");
        Path marker = folder.resolve("marker");
        ServiceSpec spec =
                spec("ready", marker.toString())
                        .withEnvironment(Map.of("GREETING", "hello"))
                        .withLogFile(log);
        try (ServiceProcess service = ServiceProcess.start(spec, lines::add, exits::add)) {
            service.awaitReady(SOON);
            long firstPid = service.pid();
            await().atMost(SOON).until(() -> lines.contains("svc | greeting is hello"));
            assertThat(lines).contains("svc | behaving as ready é");

            service.restart();
            service.awaitReady(SOON);

            assertThat(service.pid()).isNotEqualTo(firstPid);
            assertThat(marker).hasContent("stopped in order");
            await().atMost(SOON).until(() -> !exits.isEmpty());
            assertThat(lines).contains("svc | stopping");
            assertThat(exits)
                    .singleElement()
                    .satisfies(
                            e -> {
                                assertThat(e.code()).isEqualTo(143);
                                assertThat(e.requested()).isTrue();
                            });
            assertThat(service.stop(SOON)).isTrue();
        }
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(Files.readAllLines(log))
                                        .filteredOn("behaving as ready é"::equals)
                                        .hasSize(2));
    }

    @Test
    void shouldShowLastLinesWhenServiceDies() {
        try (ServiceProcess service = ServiceProcess.start(spec("dies"), lines::add, exits::add)) {
            assertThatThrownBy(() -> service.awaitReady(SOON))
                    .isInstanceOf(ServiceFailedException.class)
                    .hasMessageContaining("svc ended with exit code 7")
                    .hasMessageContaining("no weights here");
            await().atMost(SOON).until(() -> !exits.isEmpty());
            assertThat(exits.peek().requested()).isFalse();
        }
    }

    @Test
    void shouldShowHealthWhenServiceIsNotReadyInTime() {
        try (ServiceProcess service = ServiceProcess.start(spec("never-ready"))) {
            assertThatThrownBy(() -> service.awaitReady(Duration.ofSeconds(3)))
                    .isInstanceOf(ServiceFailedException.class)
                    .hasMessageContaining("svc was not ready within 3 s")
                    .hasMessageContaining("kafka is DOWN");
            assertThat(service.isAlive()).isTrue();
        }
    }

    @Test
    void shouldKillServiceThatIgnoresItsStop() {
        try (ServiceProcess service = ServiceProcess.start(spec("ignores-term"))) {
            service.awaitReady(SOON);

            assertThat(service.stop(Duration.ofMillis(500))).isFalse();

            assertThat(service.isAlive()).isFalse();
        }
    }

    @Test
    void shouldKillAtOnceWithoutAnOrderlyStop() {
        Path marker = folder.resolve("marker");
        try (ServiceProcess service = ServiceProcess.start(spec("ready", marker.toString()))) {
            service.awaitReady(SOON);

            service.kill();

            assertThat(service.isAlive()).isFalse();
            assertThat(marker).doesNotExist();
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenServiceIsNotBuilt() {
        Path jar = folder.resolve("target/quarkus-app/quarkus-run.jar");

        assertThatThrownBy(() -> ServiceProcess.start(ServiceSpec.quarkus("trainer", jar, 18081)))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining("trainer")
                .hasMessageContaining(jar.toString());
    }

    @Test
    void shouldFailFastWhenOneOfSeveralDies() {
        try (Services services =
                Services.start(
                        List.of(named("a", "never-ready"), named("b", "dies")),
                        lines::add,
                        exits::add)) {
            long begin = System.nanoTime();
            assertThatThrownBy(() -> services.awaitReady(Duration.ofSeconds(60)))
                    .hasMessageContaining("b ended with exit code 7");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        }
        await().atMost(SOON).until(() -> exits.size() == 2);
    }

    private ServiceSpec spec(String... arguments) {
        return named("svc", arguments);
    }

    private static ServiceSpec named(String name, String... arguments) {
        return new ServiceSpec(
                name,
                List.of(Path.of("target", "test-classes")),
                HealthMain.class.getName(),
                List.of(arguments),
                Ports.free(),
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                Map.of(),
                Optional.empty());
    }
}
