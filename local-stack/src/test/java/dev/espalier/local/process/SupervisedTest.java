// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTest {
    @Test
    void shouldStopInOrderWhenParentWasKilled(@TempDir Path folder) throws Exception {
        Path marker = folder.resolve("marker");
        Process launcher = Jvm.start(LauncherMain.class, marker.toString());
        String pid = launcher.inputReader(StandardCharsets.UTF_8).readLine();
        Optional<ProcessHandle> service = ProcessHandle.of(Long.parseLong(pid));
        assertThat(service).isPresent();

        launcher.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(marker));
        assertThat(service.get().onExit()).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldReachTheExceptionOfTheMainClass() {
        String[] arguments = {Failing.class.getName(), "on purpose"};
        assertThatThrownBy(() -> Supervised.main(arguments))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");
        assertThatThrownBy(() -> Supervised.main(new String[] {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Fails with its argument. */
    public static final class Failing {
        private Failing() {}

        public static void main(String[] args) {
            if (args.length == 1) {
                throw new IllegalStateException(args[0]);
            }
        }
    }
}
