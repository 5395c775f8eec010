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
     * @throws CorruptArtifactException if the object does not exist, or it has another size
     */
    public static ObjectSource open(ObjectStore store, ArtifactRef ref) {
        if (!ref.bucket().equals(store.bucket())) {
            throw new CorruptArtifactException(
                    "%s is in another bucket than ours, %s".formatted(ref.uri(), store.bucket()));
        }
        OptionalLong size = store.size(ref.key());
        if (size.isEmpty()) {
            throw new CorruptArtifactException(ref.uri() + " is not in the store");
        }
        if (size.getAsLong() != ref.sizeBytes()) {
            throw new CorruptArtifactException(
                    "%s has %d bytes, its reference says %d"
                            .formatted(ref.uri(), size.getAsLong(), ref.sizeBytes()));
        }
        return new ObjectSource(store, ref.key(), size.getAsLong());
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
