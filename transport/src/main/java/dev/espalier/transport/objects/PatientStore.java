// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.health.Availability;
import dev.espalier.transport.health.Dependency;
import dev.espalier.transport.retry.PatientCall;
import dev.espalier.transport.retry.RetrySchedule;
import dev.espalier.transport.time.Time;
import dev.espalier.transport.time.WaitInterruptedException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Repeats a single operation while the store is away, without limit, and tells the {@link
 * Availability}. A long stream continues where it was. Every operation may be repeated: objects are
 * written once.
 *
 * <p>A thread that is interrupted during an outage gets a {@link WaitInterruptedException}.
 */
public final class PatientStore implements ObjectStore {

    private final ObjectStore store;
    private final PatientCall calls;

    public PatientStore(
            ObjectStore store, RetrySchedule schedule, Time time, Availability availability) {
        this.store = store;
        this.calls = new PatientCall(Dependency.STORE, schedule, time, availability);
    }

    private <T> T patiently(PatientCall.Operation<T> operation) {
        return calls.call(operation, PatientStore::outage);
    }

    private static Optional<String> outage(RuntimeException failure) {
        return failure instanceof StoreUnavailableException
                ? Optional.of(String.valueOf(failure.getMessage()))
                : Optional.empty();
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
        return patiently(() -> store.read(key));
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        patiently(
                () -> {
                    store.readRange(key, offset, target);
                    return target;
                });
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        return patiently(() -> store.createIfAbsent(key, content));
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        return patiently(() -> store.upload(key, file));
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
        store.close();
    }
}
