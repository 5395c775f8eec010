// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import dev.espalier.local.host.LocalStackException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service as a child process, under {@link Supervised}: it ends with this process, however this
 * one ends. It can be stopped, killed, and started again.
 */
public final class ServiceProcess implements AutoCloseable {
    /** A handler that is at work when SIGTERM comes may take 17 s to give up. */
    public static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    /** What every JVM of the project gets. */
    static final List<String> COMMON_FLAGS =
            List.of(
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8");

    private static final Logger LOGGER = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration ASK_EVERY = Duration.ofMillis(100);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final ServiceSpec spec;
    private final Consumer<String> lines;
    private final Consumer<ServiceExit> onExit;
    private Incarnation current;

    private ServiceProcess(ServiceSpec spec, Consumer<String> lines, Consumer<ServiceExit> onExit) {
        this.spec = spec;
        this.lines = lines;
        this.onExit = onExit;
        this.current = launch();
    }

    /** Returns at once; {@link #awaitReady} waits. */
    public static ServiceProcess start(ServiceSpec spec) {
        return start(spec, line -> {}, exit -> {});
    }

    /**
     * @param lines gets each line of the service's log as {@code name | line}
     * @param onExit is called, on some thread, whenever a process of the service has ended
     */
    public static ServiceProcess start(
            ServiceSpec spec, Consumer<String> lines, Consumer<ServiceExit> onExit) {
        return new ServiceProcess(spec, lines, onExit);
    }

    public String name() {
        return spec.name();
    }

    public ServiceSpec spec() {
        return spec;
    }

    public synchronized long pid() {
        return current.process().pid();
    }

    public synchronized boolean isAlive() {
        return current.process().isAlive();
    }

    /** The last lines of its log, at most 40. */
    public synchronized List<String> recentLines() {
        return current.output().recentLines();
    }

    /**
     * Waits until {@code /q/health/ready} says yes.
     *
     * @throws ServiceFailedException when the process ends, or the time is over
     */
    public void awaitReady(Duration within) {
        Incarnation awaited;
        synchronized (this) {
            awaited = current;
        }
        long deadline = System.nanoTime() + within.toNanos();
        String answer = "";
        // HTTP/1.1: the upgrade that the client offers with HTTP/2 costs a round trip each time.
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(ANSWER_WITHIN)
                        .build()) {
            do {
                HealthAnswer health = ask(client);
                if (health.ready()) {
                    return;
                }
                answer = health.text();
                if (awaited.process().waitFor(ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new ServiceFailedException(
                            "%s ended with exit code %d before it was ready."
                                    .formatted(spec.name(), awaited.process().exitValue()),
                            awaited.output().lastLines());
                }
            } while (System.nanoTime() < deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while waiting for " + spec.name(), e);
        }
        throw new ServiceFailedException(
                "%s was not ready within %d s: %s says %s"
                        .formatted(spec.name(), within.toSeconds(), spec.readyUri(), answer),
                awaited.output().recentLines());
    }

    private record HealthAnswer(boolean ready, String text) {}

    private HealthAnswer ask(HttpClient client) throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(spec.readyUri()).timeout(ANSWER_WITHIN).build(),
                            HttpResponse.BodyHandlers.ofString());
            return new HealthAnswer(
                    response.statusCode() == 200, response.statusCode() + " " + response.body());
        } catch (IOException e) {
            return new HealthAnswer(false, "nothing (" + e + ")");
        }
    }

    /** SIGTERM, and SIGKILL when it has not ended in 30 s. */
    @Override
    public void close() {
        stop(STOP_WITHIN);
    }

    /**
     * SIGTERM, and SIGKILL when that did not end it in time.
     *
     * @return whether it ended by itself
     */
    public boolean stop(Duration within) {
        return end(within, ProcessHandle::destroy);
    }

    /** SIGKILL; returns when the process has gone. */
    public void kill() {
        end(Duration.ofSeconds(10), ProcessHandle::destroyForcibly);
    }

    /**
     * By the handle, because {@code Process.destroy} closes the pipe, and the last lines are lost.
     */
    private boolean end(Duration within, Consumer<ProcessHandle> how) {
        Incarnation ending;
        synchronized (this) {
            ending = current;
            ending.requested().set(true);
        }
        Process process = ending.process();
        how.accept(process.toHandle());
        try {
            boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return ended;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Stops it if it runs, and starts it again with the same specification. Does not wait. */
    public void restart() {
        stop(STOP_WITHIN);
        synchronized (this) {
            if (current.process().isAlive()) {
                throw new IllegalStateException(
                        "%s was started twice at the same time".formatted(spec.name()));
            }
            current = launch();
        }
    }

    private Incarnation launch() {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(spec.httpPort()));
        builder.environment().putAll(spec.environment());
        ServiceOutput.Started started;
        try {
            started = ServiceOutput.start(spec.name(), builder, spec.logFile(), lines);
        } catch (IOException e) {
            throw new LocalStackException("Cannot start " + spec.name(), e);
        }
        Incarnation incarnation =
                new Incarnation(started.process(), started.output(), new AtomicBoolean());
        var _ = started.process().onExit().thenAccept(_ -> report(incarnation));
        return incarnation;
    }

    private void report(Incarnation ended) {
        ServiceExit exit =
                new ServiceExit(
                        spec.name(),
                        ended.process().exitValue(),
                        ended.requested().get(),
                        ended.output().lastLines());
        try {
            onExit.accept(exit);
        } catch (RuntimeException e) {
            LOGGER.error("The end of {} could not be reported", spec.name(), e);
        }
    }

    private List<String> command() {
        List<String> missing =
                spec.classPath().stream()
                        .filter(p -> !Files.exists(p))
                        .map(Path::toString)
                        .toList();
        if (!missing.isEmpty()) {
            throw new LocalStackException(
                    "%s cannot start: %s does not exist.%nTry: make build"
                            .formatted(spec.name(), String.join(", ", missing)));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(COMMON_FLAGS);
        command.addAll(RunnerManifest.jvmFlags(spec.classPath()));
        command.addAll(spec.jvmFlags());
        command.add("-D" + Supervised.PARENT_PROPERTY + "=" + ProcessHandle.current().pid());
        command.add("-cp");
        command.add(
                Stream.concat(Stream.of(ownLocation()), spec.classPath().stream())
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        command.add(Supervised.class.getName());
        command.add(spec.mainClass());
        command.addAll(spec.arguments());
        return command;
    }

    /** The jar of this module, for the sake of {@link Supervised}. */
    private static Path ownLocation() {
        try {
            return Path.of(
                    Supervised.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The location of local-stack is not a path", e);
        }
    }

    /** One life of the service. */
    private record Incarnation(Process process, ServiceOutput output, AtomicBoolean requested) {}
}
