// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.adapter.objectstore;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Says of a store that cannot be reached that it is unavailable. The MinIO client throws an
 * IllegalStateException around the IOException there, which would look as if trying again were of
 * no use, and at the start as if the store broke its promises.
 */
final class ReachableStore implements ObjectStore {

    private final ObjectStore store;

    ReachableStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String bucket() {
        return store.bucket();
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        return reaching(() -> store.size(key));
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        return reaching(() -> store.read(key));
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        boolean _ =
                reaching(
                        () -> {
                            store.readRange(key, offset, target);
                            return true;
                        });
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        return reaching(() -> store.createIfAbsent(key, content));
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        return reaching(() -> store.upload(key, file));
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return reaching(() -> store.list(prefix));
    }

    @Override
    public void close() {
        store.close();
    }

    private static <T> T reaching(Supplier<T> request) {
        try {
            return request.get();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new StoreUnavailableException(
                        "cannot reach the store: " + cause.getMessage(), e);
            }
            throw e;
        }
    }
}
