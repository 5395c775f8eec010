// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.transport.objects.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code espalier up} as a process of its own, on ports that stay the same when it is started
 * again. The launcher runs broker and store, so killing it takes both away.
 */
final class PackagedStack implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Path home;
    private final Path folder;
    private final List<Integer> ports;
    private Process launcher;

    private PackagedStack(Path home, Path folder, List<Integer> ports, Process launcher) {
        this.home = home;
        this.folder = folder;
        this.ports = ports;
        this.launcher = launcher;
    }

    /**
     * Returns when all services are ready.
     *
     * @param home the repository, built
     * @param folder for the data
     */
    static PackagedStack start(Path home, Path folder) throws IOException, InterruptedException {
        List<Integer> ports = FreePorts.take(6);
        var stack = new PackagedStack(home, folder, ports, launch(home, folder, ports));
        stack.awaitReady();
        return stack;
    }

    private static Process launch(Path home, Path folder, List<Integer> ports) throws IOException {
        Files.createDirectories(folder);
        var builder =
                new ProcessBuilder(
                        home.resolve("espalier").toString(),
                        "up",
                        "--data-dir=" + folder,
                        "--kafka-port=" + ports.get(0),
                        "--store-port=" + ports.get(1),
                        "--dashboard-port=" + ports.get(2),
                        "--trainer-port=" + ports.get(3),
                        "--pqi-port=" + ports.get(4),
                        "--controller-port=" + ports.get(5));
        builder.environment().put("ESPALIER_BUILD", "never");
        Path log = folder.resolve("up.log");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitReady() throws InterruptedException, IOException {
        long end = System.nanoTime() + START.toNanos();
        while (file() == null) {
            if (!launcher.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        "espalier up did not become ready%nTry: read %s"
                                .formatted(folder.resolve("up.log")));
            }
            Thread.sleep(LOOK);
        }
    }

    /** The content of {@code stack.json} of the launcher that runs now; null while it starts. */
    private @Nullable JsonNode file() throws IOException {
        Path file = folder.resolve("stack.json");
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode tree = new ObjectMapper().readTree(file.toFile());
        return tree.path("launcherPid").asLong() == launcher.pid() ? tree : null;
    }

    private JsonNode requireFile() throws IOException {
        JsonNode tree = file();
        if (tree == null) {
            throw new IllegalStateException("the stack in %s is not ready".formatted(folder));
        }
        return tree;
    }

    String bootstrapServers() throws IOException {
        return requireFile().path("bootstrapServers").asText();
    }

    StackCredentials credentials() throws IOException {
        JsonNode tree = requireFile();
        return new StackCredentials(
                bootstrapServers(),
                new StoreSettings(
                        tree.path("storeEndpoint").asText(),
                        "us-east-1",
                        tree.path("bucket").asText(),
                        tree.path("accessKey").asText(),
                        tree.path("secretKey").asText()));
    }

    /** Where the store keeps its objects as plain files. */
    Path objects() throws IOException {
        return folder.resolve("objects").resolve(requireFile().path("bucket").asText());
    }

    /** The folder of the objects of a run. */
    Path objectsOf(RunId run) throws IOException {
        return objects().resolve(ObjectKey.prefix(run));
    }

    /** The process ids of the services, by name; empty while the launcher starts. */
    Map<String, Long> services() throws IOException {
        Map<String, Long> pids = new TreeMap<>();
        JsonNode tree = file();
        if (tree != null) {
            tree.path("servicePids")
                    .properties()
                    .forEach(entry -> pids.put(entry.getKey(), entry.getValue().asLong()));
        }
        return pids;
    }

    /** {@code kill -9} of a service. The launcher starts it again. */
    void kill(String service) throws IOException {
        Long pid = services().get(service);
        if (pid != null) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * {@code kill -9} of broker and store, and a new start on the same data. The services end by
     * themselves when their launcher is gone.
     */
    void killBrokerAndStore() throws IOException, InterruptedException {
        List<ProcessHandle> services =
                services().values().stream()
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .toList();
        launcher.destroyForcibly().waitFor();
        for (ProcessHandle service : services) {
            if (service.isAlive()) {
                try {
                    service.onExit().get(30, TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException
                        | java.util.concurrent.TimeoutException e) {
                    service.destroyForcibly();
                }
            }
        }
        launcher = launch(home, folder, ports);
        awaitReady();
    }

    /** Freezes the process of broker and store. The services continue to run. */
    void freezeBrokerAndStore(Duration length) throws IOException, InterruptedException {
        signal("STOP");
        try {
            Thread.sleep(length);
        } finally {
            signal("CONT");
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", "-" + name, Long.toString(launcher.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new IOException("kill -%s ends with %d".formatted(name, exit));
        }
    }

    @Override
    public void close() {
        launcher.destroy();
        try {
            if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
