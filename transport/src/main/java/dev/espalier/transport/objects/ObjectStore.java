// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The operations of an S3-compatible store that the loop needs. Objects are written once: the first
 * writer wins, and a later writer learns what is there.
 *
 * <p>Every method throws {@link StoreUnavailableException} if trying again may help.
 */
public interface ObjectStore extends AutoCloseable {

    String bucket();

    /** The size of an object in bytes; empty if it does not exist. */
    OptionalLong size(ObjectKey key);

    /** A whole small object; empty if it does not exist. */
    Optional<byte[]> read(ObjectKey key);

    /**
     * Fills the target with the bytes of an object from an offset on.
     *
     * @throws CorruptArtifactException if the object does not exist, or it ends too early
     */
    void readRange(ObjectKey key, long offset, MemorySegment target);

    /**
     * Creates an object with {@code If-None-Match: *}.
     *
     * @return false where one was there already; it is left as it is
     */
    boolean createIfAbsent(ObjectKey key, byte[] content);

    /**
     * Uploads a file, unless the object is there already.
     *
     * @return the reference of what is in the store afterwards: the file, or what somebody wrote
     *     before
     */
    ArtifactRef upload(ObjectKey key, Path file);

    /** The keys under a prefix, in order. */
    List<ObjectKey> list(String prefix);

    /**
     * Removes an object, if it is there. Only for what its owner alone reads, and, by its owner,
     * for what is older than the run keeps ({@code keepIterations}): other artefacts that an event
     * names stay.
     */
    default void delete(ObjectKey key) {
        throw new UnsupportedOperationException("this store does not remove " + key);
    }

    @Override
    void close();
}
