// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.lang.foreign.MemorySegment;

/** An artefact that one request brings into the heap: requests take longer than its bytes. */
public final class SmallArtifact {

    /** The greatest size of a small artefact in bytes. */
    public static final long BYTES = 1L << 20;

    private SmallArtifact() {}

    /**
     * Reads an artefact with one request.
     *
     * @throws CorruptArtifactException if the artefact is not there, or not what the reference says
     */
    public static byte[] read(ObjectStore store, ArtifactRef ref) {
        ObjectSource.requireBucket(store, ref);
        byte[] content =
                store.read(ref.key())
                        .orElseThrow(
                                () ->
                                        new CorruptArtifactException(
                                                ref.uri() + " is not in the store"));
        ObjectSource.requireSize(ref, content.length);
        requireDigest(ref, Sha256.of(content));
        return content;
    }

    /** Reads an artefact with one request, and keeps it in the heap. */
    public static ByteSource open(ObjectStore store, ArtifactRef ref) {
        return new Bytes(ref.key().value(), MemorySegment.ofArray(read(store, ref)));
    }

    static void requireDigest(ArtifactRef ref, Sha256 actual) {
        if (!actual.equals(ref.sha256())) {
            throw new CorruptArtifactException(
                    "%s has the sha256 %s, its reference says %s"
                            .formatted(ref.uri(), actual, ref.sha256()));
        }
    }

    private record Bytes(String name, MemorySegment content) implements ByteSource {

        @Override
        public long size() {
            return content.byteSize();
        }

        @Override
        public void read(long offset, MemorySegment target) {
            target.copyFrom(content.asSlice(offset, target.byteSize()));
        }

        @Override
        public void close() {}
    }
}
