// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** The requests that read the bytes of an object. */
final class S3Reads {

    private static final int BUFFER_BYTES = 1 << 18;

    private final MinioClient client;
    private final String bucket;

    S3Reads(MinioClient client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Returns the content of a small object. */
    byte[] all(ObjectKey key) throws MinioException, IOException {
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            return in.readAllBytes();
        }
    }

    /** Fills the target with the bytes from the offset on. */
    void into(ObjectKey key, long offset, MemorySegment target) throws MinioException, IOException {
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder()
                                .bucket(bucket)
                                .object(key.value())
                                .offset(offset)
                                .length(target.byteSize())
                                .build())) {
            fill(key, offset, target, in);
        }
    }

    private static void fill(ObjectKey key, long offset, MemorySegment target, InputStream in)
            throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, target.byteSize())];
        MemorySegment heap = MemorySegment.ofArray(buffer);
        for (long done = 0; done < target.byteSize(); ) {
            int wanted = (int) Math.min(buffer.length, target.byteSize() - done);
            int n = in.readNBytes(buffer, 0, wanted);
            if (n < wanted) {
                throw new CorruptArtifactException(
                        "%s ends at byte %d, wanted are bytes %d to %d"
                                .formatted(
                                        key,
                                        offset + done + n,
                                        offset,
                                        offset + target.byteSize()));
            }
            MemorySegment.copy(heap, 0, target, done, n);
            done += n;
        }
    }

    /** Reads an object to its end, and returns a reference with the digest of its bytes. */
    ArtifactRef digested(ObjectKey key, long size) throws MinioException, IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in =
                client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key.value()).build())) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return ArtifactRef.of(bucket, key, Sha256.of(digest), size);
    }
}
