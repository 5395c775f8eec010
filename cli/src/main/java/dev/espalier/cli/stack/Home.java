// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import dev.espalier.cli.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the repository: what was built is in it, and what is trained by default.
 *
 * @param root absolute
 */
public record Home(Path root) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /** The folder that the script named, which is the one it stands in. */
    public static Home of(@Nullable Path root) {
        if (root == null) {
            throw CliException.failure(
                    "the repository's folder is not known: espalier.home is not set\nMaybe start this program by the script 'espalier' at the repository's root");
        }
        return new Home(root.toAbsolutePath().normalize());
    }

    /** Where {@code espalier up} keeps its data, unless told otherwise. */
    public Path defaultStackFolder() {
        return root.resolve(".espalier").resolve("up");
    }

    /** Where {@code espalier data fetch} puts a data set, unless told otherwise. */
    public Path dataFolder(String name) {
        return root.resolve(".espalier").resolve("data").resolve(name);
    }

    /** A folder of its own for each demo. */
    public Path newDemoFolder(Clock clock) {
        Path base = root.resolve(".espalier");
        String name = "demo-" + STAMP.format(LocalDateTime.now(clock));
        return Stream.iterate(1, n -> n + 1)
                .map(n -> base.resolve(n == 1 ? name : name + "-" + n))
                .filter(folder -> !Files.exists(folder))
                .findFirst()
                .orElseThrow();
    }

    /** Refuses to go on where a service has not been built. */
    void requireBuilt() {
        List<Path> missing =
                Stream.of(LoopService.values())
                        .map(this::runnerJar)
                        .filter(jar -> !Files.exists(jar))
                        .toList();
        if (!missing.isEmpty()) {
            throw CliException.failure(
                    "not built yet: %s\nMaybe build it: make build"
                            .formatted(
                                    String.join(
                                            ", ", missing.stream().map(Path::toString).toList())));
        }
    }

    Path runnerJar(LoopService service) {
        return root.resolve(service.label()).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
