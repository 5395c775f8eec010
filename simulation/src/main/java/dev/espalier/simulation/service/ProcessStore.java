// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Sha256;
import dev.espalier.simulation.schedule.Life;
import dev.espalier.transport.memory.MemoryObjectStore;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The store as one process sees it: slow, away for a while, answers lost. What was asked for by a
 * process that died may still take effect later; it does so as a whole or not at all.
 */
final class ProcessStore implements ObjectStore {

    private final World world;
    private final MemoryObjectStore objects;
    private final Life process;
    private Runnable heldBack = () -> {};

    ProcessStore(World world, Life process) {
        this.world = world;
        this.objects = world.objects();
        this.process = process;
    }

    private void look(String verb, ObjectKey key) {
        world.steps().take(process, verb + " " + key);
        refuse(world.faults().storeRefuses(world.timeline().now()), key);
    }

    private void refuse(boolean refused, ObjectKey key) {
        if (refused) {
            world.steps().note("%s: the store does not answer".formatted(process));
            throw new StoreUnavailableException(
                    "no answer about " + key, new IOException("connection refused"));
        }
    }

    /** A request that changes something. */
    private void change(String verb, ObjectKey key, Runnable effect) {
        world.steps()
                .change(
                        process,
                        verb + " " + key,
                        () -> {
                            if (!world.faults().storeRefuses(world.timeline().now())) {
                                effect.run();
                            }
                        });
        refuse(world.faults().storeRefuses(world.timeline().now()), key);
        refuse(world.faults().losesAnswer(world.timeline().now()), key);
    }

    @Override
    public String bucket() {
        return objects.bucket();
    }

    @Override
    public OptionalLong size(ObjectKey key) {
        look("looks for", key);
        return objects.size(key);
    }

    @Override
    public Optional<byte[]> read(ObjectKey key) {
        look("reads", key);
        return objects.read(key);
    }

    @Override
    public void readRange(ObjectKey key, long offset, MemorySegment target) {
        look("reads of", key);
        objects.readRange(key, offset, target);
    }

    @Override
    public boolean createIfAbsent(ObjectKey key, byte[] content) {
        var created = new AtomicBoolean();
        if (world.has(Mutation.REGISTER_OVERWRITES) && key.value().endsWith("decision.json")) {
            change("overwrites", key, () -> objects.put(key, content));
            return true;
        }
        change("creates", key, () -> created.set(put(key, content)));
        Runnable before = heldBack;
        heldBack = () -> {};
        before.run();
        return created.get();
    }

    @Override
    public ArtifactRef upload(ObjectKey key, Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        switch (world.mutation()) {
            case EVENT_BEFORE_OBJECT -> {
                world.timeline()
                        .at(
                                world.timeline().now() + 10_000,
                                () -> {
                                    if (!process.isDead()) {
                                        objects.createIfAbsent(key, content);
                                    }
                                });
                return ref(key, content);
            }
            case CHECKPOINT_BEFORE_WEIGHTS -> {
                if (key.value().endsWith("/weights.safetensors")) {
                    heldBack = () -> change("uploads", key, () -> put(key, content));
                    return ref(key, content);
                }
            }
            case PARTIAL_UPLOAD_VISIBLE -> {
                byte[] half = Arrays.copyOf(content, content.length / 2);
                change("begins to upload", key, () -> put(key, half));
                if (objects.read(key).filter(there -> Arrays.equals(there, half)).isPresent()) {
                    change("uploads", key, () -> objects.put(key, content));
                }
            }
            default -> {}
        }
        change("uploads", key, () -> put(key, content));
        return ref(key, objects.read(key).orElseThrow());
    }

    private boolean put(ObjectKey key, byte[] content) {
        boolean isFirst = objects.createIfAbsent(key, content);
        if (isFirst) {
            world.ledger().written(key, process, world.steps().count());
        }
        return isFirst;
    }

    private ArtifactRef ref(ObjectKey key, byte[] content) {
        return ArtifactRef.of(bucket(), key, Sha256.of(content), content.length);
    }

    @Override
    public List<ObjectKey> list(String prefix) {
        var folder = new ObjectKey(prefix.substring(0, prefix.length() - 1));
        look("lists", folder);
        return objects.list(prefix);
    }

    @Override
    public void delete(ObjectKey key) {
        change("deletes", key, () -> objects.delete(key));
    }

    @Override
    public void close() {}
}
