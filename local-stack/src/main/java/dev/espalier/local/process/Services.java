// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import dev.espalier.local.host.LocalStackException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Several services, started, awaited and stopped side by side. */
public final class Services implements AutoCloseable {
    private final SequencedMap<String, ServiceProcess> byName = new LinkedHashMap<>();

    private Services() {}

    /**
     * Returns at once. If one cannot be started, those before it are stopped.
     *
     * @param lines gets each line of every log as {@code name | line}
     * @param onExit is called whenever a process has ended, whether that was asked for or not
     */
    public static Services start(
            List<ServiceSpec> specs, Consumer<String> lines, Consumer<ServiceExit> onExit) {
        requireDistinctNames(specs);
        Services services = new Services();
        try {
            for (ServiceSpec spec : specs) {
                services.byName.put(spec.name(), ServiceProcess.start(spec, lines, onExit));
            }
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    private static void requireDistinctNames(List<ServiceSpec> specs) {
        Map<String, Long> count =
                specs.stream()
                        .collect(Collectors.groupingBy(ServiceSpec::name, Collectors.counting()));
        count.forEach(
                (name, n) -> {
                    if (n > 1) {
                        throw new IllegalArgumentException(
                                "%d services are called %s".formatted(n, name));
                    }
                });
    }

    public Collection<ServiceProcess> all() {
        return List.copyOf(byName.values());
    }

    public ServiceProcess get(String name) {
        ServiceProcess service = byName.get(name);
        if (service == null) {
            throw new IllegalArgumentException(
                    "The service '%s' is unknown.%nDid you mean one of %s?"
                            .formatted(name, byName.keySet()));
        }
        return service;
    }

    /**
     * Waits until every one is ready.
     *
     * @throws ServiceFailedException as soon as one fails
     */
    public void awaitReady(Duration within) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<ServiceProcess> ready = new ExecutorCompletionService<>(threads);
            byName.values()
                    .forEach(service -> ready.submit(() -> service.awaitReady(within), service));
            try {
                for (int i = 0; i < byName.size(); i++) {
                    ready.take().get();
                }
            } finally {
                threads.shutdownNow();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LocalStackException known
                    ? known
                    : new LocalStackException("The services could not be awaited", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while waiting for the services", e);
        }
    }

    /** SIGTERM to all, and SIGKILL to those that have not ended in 30 s. */
    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            byName.values().forEach(service -> threads.execute(service::close));
        }
    }
}
