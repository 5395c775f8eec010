// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.stack.Home;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command knows of the world around it.
 *
 * @param environment variables
 * @param workingDirectory absolute
 * @param root of the repository; null where the program was not started by its script
 * @param clock in the user's time zone
 */
public record Context(
        Terminal terminal,
        Map<String, String> environment,
        Path workingDirectory,
        @Nullable Path root,
        Clock clock) {

    static Context ofProcess() {
        String root = System.getProperty("espalier.home");
        return new Context(
                Terminal.system(),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                root == null ? null : Path.of(root).toAbsolutePath(),
                Clock.system(ZoneId.systemDefault()));
    }

    public Home home() {
        return Home.of(root);
    }

    /** The time of a request, as exact as the id of its event. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A path as the user meant it. */
    public Path resolve(Path path) {
        return workingDirectory.resolve(path).normalize();
    }

    /** A variable that is set and not empty. */
    public @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value;
    }
}
