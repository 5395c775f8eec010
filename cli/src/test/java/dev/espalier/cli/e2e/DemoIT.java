// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that a newcomer types first, as a process of its own. */
final class DemoIT {

    private static final Path ROOT = Path.of(System.getProperty("espalier.root")).normalize();

    @TempDir private Path folder;

    @Test
    void shouldPruneAndPrintOneJsonDocumentAndLeaveNoProcessBehind() throws Exception {
        // When
        Path out = folder.resolve("out");
        var builder =
                new ProcessBuilder(
                                ROOT.resolve("espalier").toString(),
                                "demo",
                                "--iterations=2",
                                "--epochs=1",
                                "--output=json")
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile());
        builder.environment().put("ESPALIER_BUILD", "never");
        Process demo = builder.start();
        Set<ProcessHandle> services = new HashSet<>();
        await().atMost(Duration.ofMinutes(4))
                .until(
                        () -> {
                            demo.descendants().forEach(services::add);
                            return !demo.isAlive();
                        });

        // Then
        assertThat(demo.exitValue()).as(folder.resolve("err").toString()).isZero();
        JsonNode report = new ObjectMapper().readTree(out.toFile());
        assertThat(report.path("status").asText()).isEqualTo("completed");
        JsonNode iterations = report.path("iterations");
        assertThat(iterations).hasSize(3);
        for (JsonNode iteration : iterations) {
            assertThat(iteration.properties())
                    .extracting(java.util.Map.Entry::getKey)
                    .containsExactly(
                            "iteration",
                            "remaining",
                            "pqi",
                            "accuracy",
                            "verdict",
                            "reason",
                            "pruned",
                            "active");
        }
        assertThat(iterations.get(1).path("active").asLong())
                .isEqualTo(
                        iterations.get(0).path("active").asLong()
                                - iterations.get(0).path("pruned").asLong());
        assertThat(services).hasSizeGreaterThanOrEqualTo(4).noneMatch(ProcessHandle::isAlive);
    }
}
