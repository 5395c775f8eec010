// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.cli.CliException;
import dev.espalier.cli.connect.LoopAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StackFileTest {

    private static final ProcessHandle SELF = ProcessHandle.current();

    @TempDir Path folder;

    private StackFile file(long pid, Instant startedAt) {
        return new StackFile(
                pid,
                startedAt,
                "127.0.0.1:1",
                "http://127.0.0.1:2",
                "espalier",
                "access",
                "secret",
                "http://127.0.0.1:3/",
                folder.toString(),
                new TreeMap<>(Map.of("trainer-service", 7L)));
    }

    private static Instant ownStart() {
        return SELF.info().startInstant().orElseThrow();
    }

    private static long deadPid() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    @Test
    void shouldBeFoundByOthersAsItWasWritten() {
        StackFile written = file(SELF.pid(), ownStart());

        written.writeIn(folder);

        assertThat(StackFile.in(folder)).contains(written);
        assertThat(written.isStale()).isFalse();
        assertThat(LoopAddress.ofStackIn(folder).bootstrapServers()).isEqualTo("127.0.0.1:1");
        assertThat(folder.toFile().list()).containsExactly(StackFile.NAME);
        assertThat(written.toString()).doesNotContain("secret");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldBeReadableByItsOwnerAlone() throws IOException {
        file(SELF.pid(), ownStart()).writeIn(folder);
        file(SELF.pid(), ownStart()).writeIn(folder);

        assertThat(Files.getPosixFilePermissions(folder.resolve(StackFile.NAME)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldBeStaleWhenTheLauncherIsGone() throws IOException, InterruptedException {
        StackFile left = file(deadPid(), ownStart());
        left.writeIn(folder);

        assertThat(left.isStale()).isTrue();
        assertThatThrownBy(() -> LoopAddress.ofStackIn(folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("has ended")
                .hasMessageContaining("./espalier up");
    }

    @Test
    void shouldBeStaleWhenItsNumberIsAnotherProcessNow() {
        assertThat(file(SELF.pid(), ownStart().minus(Duration.ofHours(3))).isStale()).isTrue();
        assertThat(file(SELF.pid(), ownStart().plusMillis(900)).isStale()).isFalse();
    }

    @Test
    void shouldSayThatNoStackRunsWhereThereIsNoFile() {
        assertThatThrownBy(() -> LoopAddress.ofStackIn(folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("no stack runs in " + folder);
    }

    @Test
    void shouldSayWhatToDoWithABrokenFile() throws IOException {
        Files.writeString(folder.resolve(StackFile.NAME), "{\"launcherPid\": ");

        assertThatThrownBy(() -> StackFile.in(folder))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("Maybe remove it");
    }

    /** The script looks for the number with sed, to spare a JVM. */
    @Test
    void shouldWriteTheLaunchersNumberOnALineOfItsOwn() throws IOException {
        file(4711, ownStart()).writeIn(folder);

        assertThat(Files.readAllLines(folder.resolve(StackFile.NAME)))
                .anyMatch(line -> line.strip().equals("\"launcherPid\" : 4711,"));
    }
}
