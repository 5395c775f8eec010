// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.tensor.ByteSource;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * An artefact in the store, read by ranges. Its size is checked against the reference when it is
 * opened; its digest is not, see {@link ArtifactFetcher} for that.
 */
public final class ObjectSource implements ByteSource {

    private final ObjectStore store;
    private final ObjectKey key;
    private final long size;

    private ObjectSource(ObjectStore store, ObjectKey key, long size) {
        this.store = store;
        this.key = key;
        this.size = size;
    }

    /**
     * @throws CorruptArtifactException if there is no such object, or it has another size
     */
    public static ObjectSource open(ObjectStore store, ArtifactRef ref) {
        requireBucket(store, ref);
        OptionalLong size = store.size(ref.key());
        if (size.isEmpty()) {
            throw new CorruptArtifactException(ref.uri() + " is not in the store");
        }
        requireSize(ref, size.getAsLong());
        return new ObjectSource(store, ref.key(), size.getAsLong());
    }

    static void requireBucket(ObjectStore store, ArtifactRef ref) {
        if (!ref.bucket().equals(store.bucket())) {
            throw new CorruptArtifactException(
                    "%s is in another bucket than ours, %s".formatted(ref.uri(), store.bucket()));
        }
    }

    static void requireSize(ArtifactRef ref, long size) {
        if (size != ref.sizeBytes()) {
            throw new CorruptArtifactException(
                    "%s has %d bytes, its reference says %d"
                            .formatted(ref.uri(), size, ref.sizeBytes()));
        }
    }

    /** An object of a known size, of which nothing else is known. */
    public static ObjectSource of(ObjectStore store, ObjectKey key, long size) {
        return new ObjectSource(store, key, size);
    }

    @Override
    public String name() {
        return key.value();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, MemorySegment target) {
        store.readRange(key, offset, target);
    }

    @Override
    public void close() {}
}
