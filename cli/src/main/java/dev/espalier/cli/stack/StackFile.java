// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.cli.CliException;
import dev.espalier.transport.documents.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code stack.json} in the data folder of a running stack: how other terminals find it. It holds
 * the store's keys, so that only its owner can read it, and goes when the stack ends.
 *
 * @param launcherPid of the process that runs the broker and the store
 * @param launcherStartedAt tells that process from a later one with the same number; null where the
 *     system does not say
 * @param servicePids by name
 */
public record StackFile(
        long launcherPid,
        @Nullable Instant launcherStartedAt,
        String bootstrapServers,
        String storeEndpoint,
        String bucket,
        String accessKey,
        String secretKey,
        String dashboardUrl,
        String dataFolder,
        SortedMap<String, Long> servicePids) {

    public static final String NAME = "stack.json";

    /** Linux reckons a start from the time of the boot, which moves when the clock is set. */
    private static final Duration CLOCK_DRIFT = Duration.ofMinutes(1);

    private static final ObjectMapper JSON = Json.mapper();

    public StackFile {
        servicePids = new TreeMap<>(servicePids);
    }

    /** The one in a folder, whether its stack still runs or not. */
    public static Optional<StackFile> in(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), StackFile.class));
        } catch (IOException e) {
            throw CliException.failure(
                    "%s cannot be read: %s\nMaybe remove it, and start the stack again"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Whether the launcher is gone, so that the file is a leftover of a stack that was killed. */
    @JsonIgnore
    public boolean isStale() {
        return ProcessHandle.of(launcherPid)
                .filter(ProcessHandle::isAlive)
                .filter(this::isLauncher)
                .isEmpty();
    }

    private boolean isLauncher(ProcessHandle process) {
        Instant started = process.info().startInstant().orElse(null);
        return started == null
                || launcherStartedAt == null
                || Duration.between(started, launcherStartedAt).abs().compareTo(CLOCK_DRIFT) < 0;
    }

    /** Where the store keeps its objects as plain files. */
    @JsonIgnore
    public Path objectFolder() {
        return Path.of(dataFolder, "objects", bucket);
    }

    /** Replaces the file as a whole, so that nobody reads half of it. */
    void writeIn(Path folder) {
        try {
            // A temporary file is readable by its owner only, and stays so.
            Path unfinished = Files.createTempFile(folder, NAME, ".tmp");
            Files.write(unfinished, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
            Files.move(unfinished, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CliException.failure("cannot write %s in %s".formatted(NAME, folder), e);
        }
    }

    static void removeFrom(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(NAME));
        } catch (IOException e) {
            throw CliException.failure("cannot remove %s from %s".formatted(NAME, folder), e);
        }
    }

    /** Without the secret, which must not reach a log. */
    @Override
    public String toString() {
        return "StackFile[launcher %d, %s, %s]"
                .formatted(launcherPid, bootstrapServers, dataFolder);
    }
}
