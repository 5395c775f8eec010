// SPDX-License-Identifier: Apache-2.0
package dev.espalier.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code kill -9} three times a minute: each service in turn, and once broker and store. */
final class Killer implements AutoCloseable {

    private static final Duration BETWEEN = Duration.ofSeconds(20);
    private static final List<String> TURNS =
            List.of("trainer-service", "pqi-service", "pruning-controller", "metrics-dashboard");

    private final PackagedStack stack;
    private final String bootstrapServers;
    private final Map<String, Integer> killed = new TreeMap<>();
    private final Thread thread;

    private Killer(PackagedStack stack, Duration howLong) throws IOException {
        this.stack = stack;
        this.bootstrapServers = stack.bootstrapServers();
        this.thread = Thread.ofPlatform().name("killer").unstarted(() -> killFor(howLong));
    }

    static Killer start(PackagedStack stack, Duration howLong) throws IOException {
        var killer = new Killer(stack, howLong);
        killer.thread.start();
        return killer;
    }

    /** Stays the same over the death of the broker. */
    String bootstrapServers() {
        return bootstrapServers;
    }

    synchronized Map<String, Integer> killed() {
        return new TreeMap<>(killed);
    }

    private void killFor(Duration howLong) {
        long end = System.nanoTime() + howLong.toNanos();
        long middle = end - howLong.toNanos() / 2;
        boolean isBrokerDue = true;
        try {
            for (int turn = 0; System.nanoTime() < end; turn++) {
                Thread.sleep(BETWEEN);
                if (isBrokerDue && System.nanoTime() > middle) {
                    isBrokerDue = false;
                    count("broker and store");
                    stack.killBrokerAndStore();
                } else {
                    String service = TURNS.get(turn % TURNS.size());
                    count(service);
                    stack.kill(service);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void count(String target) {
        killed.merge(target, 1, Integer::sum);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofMinutes(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
