// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the lines of a child process to a file and a consumer, and remembers the last ones. */
public final class ServiceOutput {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServiceOutput.class);
    private static final int REMEMBERED = 40;
    private static final Duration DRAIN_WITHIN = Duration.ofSeconds(2);

    private final String name;
    private final Consumer<String> lines;
    private final Deque<String> last = new ArrayDeque<>();
    private final Thread thread;

    private ServiceOutput(String name, Process process, Writer file, Consumer<String> lines) {
        this.name = name;
        this.lines = lines;
        this.thread =
                Thread.ofPlatform()
                        .name(name + "-output")
                        .daemon()
                        .start(() -> carry(process, file));
    }

    /** Starts the process, once it is sure that its log can be written. */
    static Started start(
            String name, ProcessBuilder builder, Optional<Path> logFile, Consumer<String> lines)
            throws IOException {
        Writer file = open(logFile);
        try {
            Process process = builder.redirectErrorStream(true).start();
            return new Started(process, new ServiceOutput(name, process, file, lines));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** A process and its output. */
    record Started(Process process, ServiceOutput output) {}

    /** Everything, if the process has ended. */
    List<String> lastLines() {
        try {
            thread.join(DRAIN_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return recentLines();
    }

    List<String> recentLines() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    /** After a failure the pipe is closed, so the child does not wait for a reader. */
    private void carry(Process process, Writer file) {
        try (file;
                BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                remember(line);
                file.write(line);
                file.write('\n');
                file.flush();
                lines.accept(name + " | " + line);
            }
        } catch (IOException | RuntimeException e) {
            if (process.isAlive()) {
                LOGGER.warn("The output of {} is lost from here on", name, e);
            }
        }
    }

    private static Writer open(Optional<Path> logFile) throws IOException {
        if (logFile.isEmpty()) {
            return Writer.nullWriter();
        }
        Path file = logFile.get().toAbsolutePath();
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void remember(String line) {
        synchronized (last) {
            if (last.size() == REMEMBERED) {
                last.removeFirst();
            }
            last.addLast(line);
        }
    }
}
