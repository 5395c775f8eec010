// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.replay;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A store from which one entry of the register is missing, and which forgets what is uploaded. */
final class OverlayStore implements ObjectStore {

    private final ObjectStore real;
    private final ObjectKey hidden;
    private byte @Nullable [] created;

    OverlayStore(ObjectStore real, ObjectKey hidden) {
        this.real = real;
        this.hidden = hidden;
    }

    /** What was put in the place of the hidden entry. */
    byte[] created() {
        if (created == null) {
            throw new IllegalStateException("nothing was decided in place of " + hidden);
        }
        return created.clone();
    }

    @Override
    public String bucket() {
        return real.bucket();
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        return key.equals(hidden) ? OptionalLong.empty() : real.size(key);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        return key.equals(hidden) ? Optional.empty() : real.read(key);
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        real.readRange(key, offset, target);
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        if (!key.equals(hidden)) {
            throw new IllegalStateException("a replay writes nothing, not even " + key);
        }
        created = content.clone();
        return true;
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        try {
            return ArtifactRef.of(bucket(), key, Sha256.of(file), Files.size(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return real.list(prefix);
    }

    /** A replay removes nothing. */
    @Override
    public void delete(ObjectKey key) {}

    /** The real one stays open. */
    @Override
    public void close() {}
}
