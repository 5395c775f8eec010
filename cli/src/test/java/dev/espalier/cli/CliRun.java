// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.cli.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** The whole program in this process, with what it wrote and how it ended. */
public record CliRun(int exitCode, String out, String err) {

    public static final Clock NOW =
            Clock.fixed(Instant.parse("2026-11-20T10:45:00Z"), ZoneOffset.UTC);

    /** In a folder, which is also the repository's root. */
    public static CliRun in(Path folder, String... args) {
        return in(folder, Map.of(), NOW, args);
    }

    public static CliRun in(
            Path folder, Map<String, String> environment, Clock clock, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Context context =
                new Context(
                        new Terminal(
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8),
                                false),
                        environment,
                        folder,
                        folder,
                        clock);
        int code = Espalier.commandLine(context).execute(args);
        return new CliRun(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (IOException e) {
            throw new UncheckedIOException(out, e);
        }
    }
}
