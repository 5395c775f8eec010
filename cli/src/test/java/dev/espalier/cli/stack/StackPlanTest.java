// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StackPlanTest {

    @Test
    void shouldChooseSixDifferentFreePorts() {
        StackPlan plan = StackPlan.onFreePorts(Path.of("data"));

        Set<Integer> ports = new HashSet<>(plan.servicePorts().values());
        ports.add(plan.kafkaPort());
        ports.add(plan.storePort());
        assertThat(ports).hasSize(6).doesNotContain(0);
        assertThat(plan.dataFolder()).isAbsolute();
    }

    @Test
    void shouldKeepThePortsThatWereAskedFor() {
        StackPlan plan =
                StackPlan.of(Path.of("data"), 0, 4242, Map.of(LoopService.DASHBOARD, 4243));

        assertThat(plan.storePort()).isEqualTo(4242);
        assertThat(plan.port(LoopService.DASHBOARD)).isEqualTo(4243);
        assertThat(plan.kafkaPort()).isNotZero();
    }

    @Test
    void shouldNameTheServiceWhosePortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StackPlan plan =
                    StackPlan.of(
                            Path.of("data"),
                            0,
                            0,
                            Map.of(LoopService.DASHBOARD, other.getLocalPort()));

            assertThatThrownBy(plan::requireServicePorts)
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining(
                            "port %d, which metrics-dashboard is to have"
                                    .formatted(other.getLocalPort()));
        }
    }

    @Test
    void shouldWaitLongerAfterEachShortLife() {
        Duration life = Duration.ofSeconds(3);
        int failures = 0;
        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            failures = Supervisor.failures(failures, life);
            seconds.add(Supervisor.PAUSES.pause(failures).toSeconds());
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
        assertThat(Supervisor.failures(failures, Supervisor.LONG_LIFE)).isEqualTo(1);
    }

    @Test
    void shouldTellErrorsAndNotStackTraces() {
        assertThat(
                        FailureDigest.of(
                                "it ended.\nThe last lines:\n  11:04 ERROR no channel\n  at a.b.c\n  Caused by: x"))
                .isEqualTo("it ended.\n  11:04 ERROR no channel\n  Caused by: x");
        assertThat(FailureDigest.of("it ended.\nIt logged nothing."))
                .isEqualTo("it ended.\nIt logged nothing.");
    }
}
