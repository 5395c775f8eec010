// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code espalier} in a repository of two modules, with a JDK and a Maven of paper. */
@DisabledOnOs(OS.WINDOWS)
class EspalierScriptTest {

    private final Instant now = Instant.now();

    @TempDir Path temp;
    private Path root;
    private Path jdk;

    @BeforeEach
    void makeRepository() throws IOException {
        Path real = temp.toRealPath();
        root = Files.createDirectories(real.resolve("the repository"));
        jdk = FakeJdk.of(real.resolve("jdk"), "25.0.1");
        Files.createDirectories(root.resolve(".mvn"));
        for (String script : List.of("espalier", ".mvn/find-jdk.sh")) {
            Files.copy(
                    Shell.root().resolve(script),
                    root.resolve(script),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        file("pom.xml", "<module>shared-schemas</module>\n  <module>cli</module>\n", -100);
        for (String module : List.of("shared-schemas", "cli")) {
            file(module + "/pom.xml", "", -100);
            file(module + "/src/main/java/A.java", "", -100);
        }
        file("shared-schemas/target/shared-schemas-0.1.jar", "", -50);
        file("cli/target/espalier-cli.jar", "", -50);
    }

    private void file(String name, String text, int ageSeconds) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(now.plusSeconds(ageSeconds)));
    }

    private Shell shell() {
        return new Shell(temp)
                .with("JAVA_HOME", jdk.toString())
                .with("PATH", temp.resolve("bin") + ":/usr/bin:/bin")
                .with("TERM", "xterm")
                .without("ESPALIER_BUILD");
    }

    private void maven(String body) throws IOException {
        Files.createDirectories(temp.resolve("bin"));
        FakeJdk.executable(temp.resolve("bin/mvn"), "#!/bin/sh\n" + body);
    }

    private String script() {
        return root.resolve("espalier").toString();
    }

    @Test
    void shouldForwardArgumentsAndExitCode() {
        Shell.Result result = shell().run(script(), "measure", "a file", "--pairs", "0.5,1");

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.out().lines())
                .contains("-Despalier.home=" + root, "-Despalier.terminal=false")
                .endsWith(
                        "-jar",
                        root + "/cli/target/espalier-cli.jar",
                        "measure",
                        "a file",
                        "--pairs",
                        "0.5,1");
    }

    @Test
    void shouldFindItsRootThroughLinks() throws IOException {
        Path first = Files.createSymbolicLink(temp.resolve("first"), Path.of(script()));
        Path second = Files.createSymbolicLink(temp.resolve("second"), first.getFileName());

        assertThat(shell().run(second.toString()).out()).contains("-Despalier.home=" + root + "\n");
    }

    @Test
    void shouldBuildWhatIsOlderThanItsSourcesOnce() throws IOException {
        maven("echo \"$@\"; echo built >> mvn.log\n");
        file("shared-schemas/src/main/java/A.java", "changed", -10);

        Shell.Result first = shell().run(script(), "runs");
        Shell.Result second = shell().run(script(), "runs");

        assertThat(first.err()).contains("shared-schemas has changed").contains("package");
        assertThat(first.out()).doesNotContain("package");
        assertThat(second.err()).isEmpty();
        assertThat(root.resolve("mvn.log")).hasContent("built");
    }

    @Test
    void shouldStopWhereTheBuildFails() throws IOException {
        maven("exit 1\n");
        file("cli/pom.xml", "changed", -10);

        Shell.Result first = shell().run(script());
        Shell.Result second = shell().run(script());

        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err()).contains("the build failed");
        assertThat(first.out()).isEmpty();
        assertThat(second.exitCode()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheJarsAsTheyAreWhenTold() throws IOException {
        maven("exit 1\n");
        file("cli/pom.xml", "changed", -10);

        assertThat(shell().with("ESPALIER_BUILD", "never").run(script()).exitCode()).isEqualTo(3);
    }

    @Test
    void shouldNotPullTheJarsAwayFromARunningStack() throws IOException {
        maven("exit 1\n");
        file("cli/pom.xml", "changed", -10);
        long alive = ProcessHandle.current().pid();
        file(".espalier/up/stack.json", "{\n  \"launcherPid\" : %d,\n}".formatted(alive), 0);

        Shell.Result result = shell().run(script());

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("a stack runs from the old jars (.espalier/up)");
    }

    @Test
    void shouldSayWhatIsMissing() throws IOException {
        Files.delete(root.resolve("cli/target/espalier-cli.jar"));
        Shell.Result noMaven =
                shell().with("PATH", onlyTheUsualTools().toString()).run("/bin/bash", script());
        assertThat(noMaven.exitCode()).isEqualTo(1);
        assertThat(noMaven.err())
                .contains("cli/target/espalier-cli.jar is missing")
                .contains("install Maven 3.8.7");

        Shell.Result noJdk =
                shell().without("JAVA_HOME")
                        .with("ESPALIER_JDK_PLACES", temp.toString() + "/none")
                        .with("PATH", onlyTheUsualTools().toString())
                        .run("/bin/bash", script());
        assertThat(noJdk.exitCode()).isEqualTo(1);
        assertThat(noJdk.err()).contains("Temurin 25");
    }

    /** A PATH without java and mvn, wherever they are on this machine. */
    private Path onlyTheUsualTools() throws IOException {
        Path tools = Files.createDirectories(temp.resolve("tools"));
        for (String tool : List.of("sh", "dirname", "readlink", "sed", "head", "find", "mkdir")) {
            FakeJdk.executable(
                    tools.resolve(tool),
                    "#!/bin/sh\nPATH=/usr/bin:/bin\nexec %s \"$@\"\n".formatted(tool));
        }
        return tools;
    }
}
