// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.testing;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** A store in memory that can be away for some operations. */
public final class MemoryStore implements ObjectStore {

    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private Runnable beforeCreation = () -> {};
    private int failures;
    private final AtomicLong bytesRead = new AtomicLong();

    /** The next operations fail. */
    public void goAway(int operations) {
        failures = operations;
    }

    /** Somebody else is faster. */
    public void beforeCreation(Runnable action) {
        beforeCreation = action;
    }

    /** Stores bytes, whatever was there. */
    public ArtifactRef put(ObjectKey key, byte[] content) {
        objects.put(key.value(), content);
        return ArtifactRef.of(bucket(), key, Sha256.of(content), content.length);
    }

    /** How many bytes were read by ranges. */
    public long bytesRead() {
        return bytesRead.get();
    }

    private synchronized void answer() {
        if (failures > 0) {
            failures--;
            throw new StoreUnavailableException("away", new IOException("connection refused"));
        }
    }

    @Override
    public String bucket() {
        return "espalier";
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        answer();
        byte[] content = objects.get(key.value());
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        answer();
        return Optional.ofNullable(objects.get(key.value()));
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        answer();
        byte[] content = objects.get(key.value());
        if (content == null || offset + target.byteSize() > content.length) {
            throw new CorruptArtifactException(key + " has no such bytes");
        }
        MemorySegment.copy(MemorySegment.ofArray(content), offset, target, 0, target.byteSize());
        bytesRead.addAndGet(target.byteSize());
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        answer();
        beforeCreation.run();
        return objects.putIfAbsent(key.value(), content) == null;
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        try {
            answer();
            byte[] content = Files.readAllBytes(file);
            objects.putIfAbsent(key.value(), content);
            byte[] there = objects.get(key.value());
            return ArtifactRef.of(bucket(), key, Sha256.of(there), there.length);
        } catch (IOException e) {
            throw new StoreUnavailableException("cannot read " + file, e);
        }
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return objects.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(ObjectKey::new)
                .toList();
    }

    @Override
    public void close() {}
}
