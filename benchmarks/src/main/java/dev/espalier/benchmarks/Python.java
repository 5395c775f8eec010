// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A script in a process of its own: a task per line in, milliseconds per line out. */
final class Python implements AutoCloseable {

    private final Process process;
    private final PrintWriter tasks;
    private final BufferedReader answers;

    private Python(Process process) {
        this.process = process;
        this.tasks = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Empty where there is no Python with torch. */
    static Optional<Python> start(String interpreter, Path script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(interpreter, script.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            Python python = new Python(process);
            @Nullable String greeting = python.answers.readLine();
            return "ready".equals(greeting) ? Optional.of(python) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * For so many milliseconds the threads of torch and numpy keep a core busy, waiting for more.
     */
    private static final long SETTLING = 20;

    SideBySideCase task(String name, String task) {
        return new Task(name, task);
    }

    /** The answer to a task. */
    String ask(String task) {
        tasks.println(task);
        try {
            @Nullable String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("Python ended during '" + task + "'");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Task implements SideBySideCase {

        private final String name;
        private final String task;

        Task(String name, String task) {
            this.name = name;
            this.task = task;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public double run() {
            double milliseconds = Double.parseDouble(ask(task));
            try {
                Thread.sleep(SETTLING);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted during '" + task + "'", e);
            }
            return milliseconds;
        }
    }

    @Override
    public void close() {
        tasks.close();
        process.destroy();
    }
}
