// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.adapter.objectstore;

import dev.espalier.pqi.application.MeasurementObserver;
import dev.espalier.pqi.application.Patience;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a store that is away again and again, with growing pauses. It is the single operation that
 * is repeated, so a long stream goes on where it was. Every operation may be repeated: objects are
 * written once.
 */
public final class PatientStore implements ObjectStore {

    private static final Logger LOGGER = Logger.getLogger(PatientStore.class);

    private final ObjectStore store;
    private final Patience patience;
    private final MeasurementObserver observer;
    private final InstantSource clock;
    private final Waiting waiting;

    public PatientStore(
            ObjectStore store,
            Patience patience,
            MeasurementObserver observer,
            InstantSource clock,
            Waiting waiting) {
        this.store = store;
        this.patience = patience;
        this.observer = observer;
        this.clock = clock;
        this.waiting = waiting;
    }

    private <T> T patiently(Supplier<T> operation) {
        @Nullable Instant since = null;
        for (int failures = 1; ; failures++) {
            try {
                T result = operation.get();
                waiting.over();
                return result;
            } catch (StoreUnavailableException e) {
                Instant now = clock.instant();
                since = since == null ? now : since;
                Duration pause = patience.pause(failures);
                if (Duration.between(since, now).plus(pause).compareTo(patience.inAll()) > 0) {
                    throw e;
                }
                LOGGER.warnf(
                        "PQI-101 The store is away, asking again in %s: error=%s",
                        pause, e.getMessage());
                observer.retried();
                if (!waiting.pause(pause, String.valueOf(e.getMessage()))) {
                    throw e;
                }
            }
        }
    }

    @Override
    public String bucket() {
        return store.bucket();
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        return patiently(() -> store.size(key));
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        Optional<byte[]> content = patiently(() -> store.read(key));
        content.ifPresent(bytes -> observer.downloaded(bytes.length));
        return content;
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        patiently(
                () -> {
                    store.readRange(key, offset, target);
                    return target;
                });
        observer.downloaded(target.byteSize());
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        boolean created = patiently(() -> store.createIfAbsent(key, content));
        if (created) {
            observer.uploaded(content.length);
        }
        return created;
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        ArtifactRef ref = patiently(() -> store.upload(key, file));
        observer.uploaded(ref.sizeBytes());
        return ref;
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return patiently(() -> store.list(prefix));
    }

    @Override
    public void delete(ObjectKey key) {
        patiently(
                () -> {
                    store.delete(key);
                    return key;
                });
    }

    @Override
    public void close() {
        waiting.end();
        store.close();
    }
}
