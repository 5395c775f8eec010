// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.memory;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A store in memory. Something may happen before and after each of its steps: another writer is
 * faster, the process dies, the store is unavailable.
 */
public final class MemoryObjectStore implements ObjectStore {

    private static final String BUCKET = "espalier";

    private final Map<ObjectKey, byte[]> objects = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile Consumer<String> onStep = step -> {};

    /** Hears of each step before it is taken, such as {@code before creating decision.json}. */
    public void onStep(Consumer<String> listener) {
        onStep = listener;
    }

    /** The next operations find the store away. */
    public void goAway(int operations) {
        refusals.set(operations);
    }

    /** Stores bytes, and replaces what was there. */
    public ArtifactRef put(ObjectKey key, byte[] content) {
        objects.put(key, content.clone());
        return ref(key, content);
    }

    /** Removes an object, as another program might. */
    public void remove(ObjectKey key) {
        objects.remove(key);
    }

    /** Removes everything. */
    public void forget() {
        objects.clear();
    }

    /** All that is stored, by key. */
    public SortedMap<String, Sha256> digests() {
        SortedMap<String, Sha256> digests = new TreeMap<>();
        objects.forEach((key, content) -> digests.put(key.value(), Sha256.of(content)));
        return digests;
    }

    /** How many bytes were read by ranges. */
    public long bytesRead() {
        return bytesRead.get();
    }

    @Override
    public String bucket() {
        return BUCKET;
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        step("size of", key);
        byte[] content = objects.get(key);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        step("read", key);
        return Optional.ofNullable(objects.get(key)).map(byte[]::clone);
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        step("read range of", key);
        byte[] content = objects.get(key);
        if (content == null || offset + target.byteSize() > content.length) {
            throw new CorruptArtifactException(
                    "%s has no bytes %d to %d in the bucket %s: %s"
                            .formatted(
                                    key,
                                    offset,
                                    offset + target.byteSize(),
                                    BUCKET,
                                    content == null ? "it is not there" : "it ends before"));
        }
        MemorySegment.copy(MemorySegment.ofArray(content), offset, target, 0, target.byteSize());
        bytesRead.addAndGet(target.byteSize());
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        step("before creating", key);
        boolean created = objects.putIfAbsent(key, content.clone()) == null;
        step("after creating", key);
        return created;
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        step("before uploading", key);
        byte[] mine;
        try {
            mine = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        byte[] theirs = objects.putIfAbsent(key, mine);
        step("after uploading", key);
        return ref(key, theirs == null ? mine : theirs);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        refuse();
        onStep.accept("list " + prefix);
        return objects.keySet().stream()
                .filter(key -> key.value().startsWith(prefix))
                .sorted(Comparator.comparing(ObjectKey::value))
                .toList();
    }

    @Override
    public void delete(ObjectKey key) {
        step("delete", key);
        objects.remove(key);
    }

    @Override
    public void close() {}

    private void step(String verb, ObjectKey key) {
        refuse();
        onStep.accept(verb + " " + key.value().substring(key.value().lastIndexOf('/') + 1));
    }

    private void refuse() {
        if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new StoreUnavailableException("away", new IOException("connection refused"));
        }
    }

    private static ArtifactRef ref(ObjectKey key, byte[] content) {
        return ArtifactRef.of(BUCKET, key, Sha256.of(content), content.length);
    }
}
