// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code .mvn/find-jdk.sh} among JDKs that are nothing but their names. */
@DisabledOnOs(OS.WINDOWS)
class FindJdkTest {

    @TempDir Path temp;
    private Path folder;

    @BeforeEach
    void resolveFolder() throws IOException {
        folder = temp.toRealPath();
        Files.createDirectories(folder.resolve("places"));
    }

    private Shell.Result find(Map<String, String> environment) {
        return new Shell(folder)
                .with("ESPALIER_JDK_PLACES", folder.resolve("places").toString())
                .with("PATH", "/usr/bin:/bin")
                .without("JAVA_HOME")
                .with(environment)
                .run(Shell.root().resolve(".mvn/find-jdk.sh").toString());
    }

    @Test
    void shouldTakeJavaHomeWhereItIsNewEnough() throws IOException {
        Path home = FakeJdk.of(folder.resolve("own"), "25.0.1");
        FakeJdk.of(folder.resolve("places/jdk-25"), "25");

        assertThat(find(Map.of("JAVA_HOME", home.toString())).out()).isEqualTo(home + "\n");
    }

    @Test
    void shouldPassOverAnOldJavaHome() throws IOException {
        Path old = FakeJdk.of(folder.resolve("old"), "17.0.9");
        Path wanted = FakeJdk.of(folder.resolve("places/jdk-25"), "25");

        assertThat(find(Map.of("JAVA_HOME", old.toString())).out()).isEqualTo(wanted + "\n");
    }

    @Test
    void shouldFollowTheLinksOfThePath() throws IOException {
        Path home = FakeJdk.of(folder.resolve("onpath"), "26");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("java-link"), home.resolve("bin/java"));
        Files.createSymbolicLink(bin.resolve("java"), Path.of("../java-link"));

        assertThat(find(Map.of("PATH", bin + ":/usr/bin:/bin")).out()).isEqualTo(home + "\n");
    }

    @Test
    void shouldTakeTheOneNearestTo25AndOnlyWholeJdks() throws IOException {
        FakeJdk.of(folder.resolve("places/a-17"), "17");
        FakeJdk.of(folder.resolve("places/b-27"), "27");
        Path wanted = FakeJdk.of(folder.resolve("places/c 26/Contents/Home"), "26.0.2");
        Path runtime = FakeJdk.of(folder.resolve("places/d-25"), "25");
        Files.delete(runtime.resolve("bin/javac"));

        assertThat(find(Map.of()).out()).isEqualTo(wanted + "\n");
    }

    @Test
    void shouldAskAJdkThatHasNoReleaseFile() throws IOException {
        Path home = FakeJdk.of(folder.resolve("places/x"), "25");
        Files.delete(home.resolve("release"));

        assertThat(find(Map.of()).out()).isEqualTo(home + "\n");
    }

    @Test
    void shouldSayWhatToInstallWhereThereIsNone() throws IOException {
        FakeJdk.of(folder.resolve("places/a-17"), "17");

        Shell.Result result = find(Map.of());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("Temurin 25").contains("JAVA_HOME (not set)");
    }
}
