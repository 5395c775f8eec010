// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.stack;

import dev.espalier.cli.CliException;
import dev.espalier.local.LocalStack;
import dev.espalier.local.LocalStackConfig;
import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.process.ServiceFailedException;
import dev.espalier.local.process.ServiceSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The broker and the store in this process and the four services as its children. Its {@link
 * StackFile} is there from when all are ready until it is closed.
 */
public final class RunningStack implements AutoCloseable {

    private final StackPlan plan;
    private final LocalStack stack;
    private final Supervisor supervisor;
    private boolean announced;
    private boolean closed;

    private RunningStack(
            StackPlan plan,
            LocalStack stack,
            List<ServiceSpec> specs,
            Clock clock,
            Consumer<String> notices) {
        this.plan = plan;
        this.stack = stack;
        this.supervisor = Supervisor.start(specs, clock, notices, this::announceAgain);
    }

    /**
     * Returns when all are ready.
     *
     * @param notices gets what a user has to know, line by line
     */
    public static RunningStack start(
            Home home, StackPlan plan, Clock clock, Consumer<String> notices) {
        home.requireBuilt();
        plan.requireServicePorts();
        notices.accept("starting Kafka and the object store…");
        LocalStack stack =
                LocalStack.start(
                        LocalStackConfig.in(plan.dataFolder())
                                .withPorts(plan.kafkaPort(), plan.storePort()));
        @Nullable RunningStack running = null;
        try {
            notices.accept("starting the services…");
            running = new RunningStack(plan, stack, specs(home, plan, stack), clock, notices);
            running.awaitReady();
            running.announce();
            return running;
        } catch (RuntimeException e) {
            if (running == null) {
                stack.close();
            } else {
                running.close();
            }
            throw e;
        }
    }

    private static List<ServiceSpec> specs(Home home, StackPlan plan, LocalStack stack) {
        return Stream.of(LoopService.values())
                .map(
                        service ->
                                service.flagged(
                                        ServiceSpec.quarkus(
                                                        service.label(),
                                                        home.runnerJar(service),
                                                        plan.port(service))
                                                .withEnvironment(stack.environment())
                                                .withEnvironment(
                                                        Map.of(
                                                                "INSTANCE_ID",
                                                                service.label() + "-0"))
                                                .withLogFile(plan.logFile(service.label()))))
                .toList();
    }

    private void awaitReady() {
        try {
            supervisor.awaitReady();
        } catch (ServiceFailedException e) {
            throw CliException.failure(
                    "%s\nThe logs are in %s"
                            .formatted(
                                    FailureDigest.of(String.valueOf(e.getMessage())),
                                    plan.logFolder()),
                    e);
        }
    }

    /** How others find the stack. */
    public StackFile file() {
        ProcessHandle self = ProcessHandle.current();
        return new StackFile(
                self.pid(),
                self.info().startInstant().orElse(null),
                stack.bootstrapServers(),
                stack.storeEndpoint().toString(),
                stack.bucket(),
                stack.storeCredentials().accessKey(),
                stack.storeCredentials().secretKey(),
                "http://127.0.0.1:%d/".formatted(plan.port(LoopService.DASHBOARD)),
                plan.dataFolder().toString(),
                new TreeMap<>(supervisor.pids()));
    }

    public Path dataFolder() {
        return plan.dataFolder();
    }

    /** Completes when the broker has met a fault that it cannot survive. */
    public CompletableFuture<LocalStackException> failure() {
        return stack.failure();
    }

    private synchronized void announce() {
        if (!closed) {
            announced = true;
            file().writeIn(plan.dataFolder());
        }
    }

    /** The number of a process has changed. */
    private synchronized void announceAgain() {
        if (announced) {
            announce();
        }
    }

    /** Ends everything; a second call waits for the first. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (announced) {
                StackFile.removeFrom(plan.dataFolder());
            }
            try {
                supervisor.close();
            } finally {
                stack.close();
            }
        }
    }
}
