// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Proves that a store honours create-if-absent under concurrency. One that ignores the header, or
 * looks before it locks, would let two decisions on one iteration stand, in silence.
 */
public final class CreationProbe {

    private static final int RACERS = 8;
    private static final int ROUNDS = 3;

    private final ObjectStore store;

    public CreationProbe(ObjectStore store) {
        this.store = store;
    }

    /**
     * Races creators on fresh keys.
     *
     * @throws IllegalStateException if a race has not exactly one winner
     * @throws StoreUnavailableException if the store does not answer
     */
    public void run() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            var key = new ObjectKey("probes/" + UUID.randomUUID());
            int winners = race(key);
            store.delete(key);
            if (winners != 1) {
                throw new IllegalStateException(
                        "the store let %d of %d creators of %s win: it does not honour If-None-Match\nTry: a store with conditional writes, such as AWS S3, MinIO or the one of ./espalier up"
                                .formatted(winners, RACERS, key));
            }
        }
    }

    private int race(ObjectKey key) throws InterruptedException {
        try (ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                byte[] content = ("racer " + i).getBytes(UTF_8);
                results.add(racers.submit(() -> store.createIfAbsent(key, content)));
            }
            int winners = 0;
            for (Future<Boolean> result : results) {
                winners += result.get() ? 1 : 0;
            }
            return winners;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a racer failed", e.getCause());
        }
    }
}
