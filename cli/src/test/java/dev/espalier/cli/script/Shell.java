// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program in a folder, with an environment that is known. */
final class Shell {

    private final ProcessBuilder builder = new ProcessBuilder();
    private final Path folder;

    Shell(Path folder) {
        this.folder = folder;
        builder.directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
    }

    record Result(int exitCode, String out, String err) {}

    /** The repository's. */
    static Path root() {
        return Path.of(System.getProperty("espalier.root")).toAbsolutePath().normalize();
    }

    Shell with(String variable, String value) {
        builder.environment().put(variable, value);
        return this;
    }

    Shell with(Map<String, String> variables) {
        builder.environment().putAll(variables);
        return this;
    }

    Shell without(String variable) {
        builder.environment().remove(variable);
        return this;
    }

    Result run(String... command) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process =
                    builder.command(command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end");
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, UTF_8),
                    Files.readString(err, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
