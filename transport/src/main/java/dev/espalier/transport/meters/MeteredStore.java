// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.meters;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.objects.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Counts and times what moves between a service and the object store. It belongs inside a store
 * that retries, so that each attempt counts.
 */
public final class MeteredStore implements ObjectStore {

    private static final Set<WorkOutcome> OUTCOMES =
            EnumSet.of(WorkOutcome.SUCCESS, WorkOutcome.FAILURE);

    private final ObjectStore store;
    private final Transfers downloads;
    private final Transfers uploads;

    public MeteredStore(ObjectStore store, MeterRegistry registry) {
        this.store = store;
        this.downloads = new Transfers(registry, "download");
        this.uploads = new Transfers(registry, "upload");
    }

    /** The transfers of one direction. */
    private static final class Transfers {
        private final Counter bytes;
        private final WorkTimer timer;

        private Transfers(MeterRegistry registry, String direction) {
            bytes =
                    Counter.builder("espalier.artifact.transfer.bytes")
                            .description("Bytes moved between this service and the object store")
                            .tag("direction", direction)
                            .register(registry);
            timer =
                    new WorkTimer(
                            registry,
                            "espalier.artifact.transfer.duration",
                            "Duration of a request that moves bytes between this service and the object store",
                            OUTCOMES,
                            "direction",
                            direction);
        }

        private <T> T observe(Supplier<T> request, ToLongFunction<T> size) {
            long start = System.nanoTime();
            boolean done = false;
            try {
                T result = request.get();
                bytes.increment((double) size.applyAsLong(result));
                done = true;
                return result;
            } finally {
                timer.record(
                        done ? WorkOutcome.SUCCESS : WorkOutcome.FAILURE,
                        Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    @Override
    public String bucket() {
        return store.bucket();
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        return store.size(key);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        return downloads.observe(
                () -> store.read(key), content -> content.map(bytes -> bytes.length).orElse(0));
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        downloads.observe(
                () -> {
                    store.readRange(key, offset, target);
                    return target;
                },
                MemorySegment::byteSize);
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        return uploads.observe(() -> store.createIfAbsent(key, content), _ -> content.length);
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        return uploads.observe(() -> store.upload(key, file), ArtifactRef::sizeBytes);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public void delete(ObjectKey key) {
        store.delete(key);
    }

    @Override
    public void close() {
        store.close();
    }
}
