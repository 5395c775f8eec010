// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.transport.objects.CorruptArtifactException;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A store in memory. Something may happen before and after each of its steps. */
public final class MemoryStore implements ObjectStore {

    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private volatile Consumer<String> onStep = step -> {};

    /** What happens at each step, which is named: the process may die, the store may go away. */
    public void onStep(Consumer<String> listener) {
        onStep = listener;
    }

    public ArtifactRef put(ObjectKey key, byte[] content) {
        objects.put(key.value(), content);
        return ArtifactRef.of(bucket(), key, Sha256.of(content), content.length);
    }

    public void remove(ObjectKey key) {
        objects.remove(key.value());
    }

    /** Everything is gone. */
    public void forget() {
        objects.clear();
    }

    /** All that is stored, by key and digest. */
    public Map<String, Sha256> digests() {
        Map<String, Sha256> digests = new java.util.TreeMap<>();
        objects.forEach((key, content) -> digests.put(key, Sha256.of(content)));
        return digests;
    }

    @Override
    public String bucket() {
        return "espalier";
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        step("size of", key);
        byte[] content = objects.get(key.value());
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        step("read", key);
        return Optional.ofNullable(objects.get(key.value())).map(byte[]::clone);
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        step("read range of", key);
        byte[] content = objects.get(key.value());
        if (content == null || offset + target.byteSize() > content.length) {
            throw new CorruptArtifactException(key + " is not there, or ends too early");
        }
        MemorySegment.copy(MemorySegment.ofArray(content), offset, target, 0, target.byteSize());
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        step("before creating", key);
        boolean created = objects.putIfAbsent(key.value(), content.clone()) == null;
        step("after creating", key);
        return created;
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        step("before uploading", key);
        try {
            objects.putIfAbsent(key.value(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        step("after uploading", key);
        byte[] there = objects.get(key.value());
        return ArtifactRef.of(bucket(), key, Sha256.of(there), there.length);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        return objects.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(ObjectKey::new)
                .toList();
    }

    private void step(String verb, ObjectKey key) {
        onStep.accept(verb + " " + key.value().substring(key.value().lastIndexOf('/') + 1));
    }

    @Override
    public void close() {}
}
