// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.transport.documents.Json;
import dev.espalier.transport.objects.ObjectStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** Documents that may be too long for the heap go through a temporary file, and come as streams. */
public final class LongDocument {

    /** What is longer is not held as a whole. */
    static final long SHORT_BYTES = 8L << 20;

    private static final int BUFFER_BYTES = 1 << 18;

    private LongDocument() {}

    /**
     * Writes a record as JSON, unless something is there.
     *
     * @return empty where something else is there
     */
    public static Optional<ArtifactRef> keep(
            ObjectStore store, Path folder, ObjectKey key, Object record) {
        try {
            Files.createDirectories(folder);
            Path file = Files.createTempFile(folder, "document-", ".json");
            try {
                try (OutputStream out =
                        new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
                    Json.write(out, record);
                }
                ArtifactRef there = store.upload(key, file);
                return there.sha256().equals(Sha256.of(file))
                        ? Optional.of(there)
                        : Optional.empty();
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + key + " to " + folder, e);
        }
    }

    /** The bytes of a source, ascending, hashed on the way. */
    public static final class Stream extends InputStream {

        private final ByteSource source;
        private final MessageDigest digest = Sha256.digest();
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private long fetched;
        private int at;
        private int end;

        public Stream(ByteSource source) {
            this.source = source;
        }

        private boolean refill() throws IOException {
            if (at < end) {
                return true;
            }
            int n = (int) Math.min(buffer.length, source.size() - fetched);
            if (n == 0) {
                return false;
            }
            source.read(fetched, MemorySegment.ofArray(buffer).asSlice(0, n));
            digest.update(buffer, 0, n);
            fetched += n;
            at = 0;
            end = n;
            return true;
        }

        @Override
        public int read() throws IOException {
            return refill() ? buffer[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!refill()) {
                return -1;
            }
            int n = Math.min(length, end - at);
            System.arraycopy(buffer, at, target, offset, n);
            at += n;
            return n;
        }

        /** Of everything; to be asked for at the end. */
        Sha256 sha256() {
            return Sha256.of(digest);
        }
    }
}
