// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of a source in order, a window at a time, with the next ones being fetched meanwhile.
 * Each window is hashed on a thread of its own, in order; its memory is used again when it was both
 * hashed and read, so whoever is slowest holds up the others.
 */
final class Windows implements AutoCloseable {

    private static final int ALIGNMENT = 64;
    private static final int PIECE_BYTES = 1 << 16;

    /** A window is given back by its reader and by the digest. */
    private static final int USERS = 2;

    private final ByteSource source;
    private final long from;
    private final long size;
    private final int windowBytes;
    private final int count;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> buffers = new ArrayList<>();
    private final List<CompletableFuture<MemorySegment>> fetched = new ArrayList<>();
    private final List<AtomicInteger> users = new ArrayList<>();
    private final CompletableFuture<Sha256> digest = new CompletableFuture<>();
    private final ExecutorService fetchers =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("range-", 0).factory());
    private final Thread hashing;
    private int next;

    /**
     * @param from the first byte of the source that is wanted
     * @param to the byte after the last one
     */
    Windows(ByteSource source, long from, long to, ReadAhead readAhead) {
        this.source = source;
        this.from = from;
        this.size = to - from;
        this.windowBytes = Math.clamp(size, 1, readAhead.windowBytes());
        this.count = Math.toIntExact(Math.ceilDiv(size, (long) windowBytes));
        for (int i = 0; i < count; i++) {
            fetched.add(new CompletableFuture<>());
            users.add(new AtomicInteger(USERS));
        }
        int inFlight = Math.min(readAhead.windows(), count);
        for (int i = 0; i < inFlight; i++) {
            buffers.add(arena.allocate(windowBytes, ALIGNMENT));
        }
        for (int i = 0; i < inFlight; i++) {
            fetch(i);
        }
        this.hashing =
                Thread.ofPlatform().daemon().name("digest " + source.name()).start(this::hash);
    }

    private void fetch(int window) {
        CompletableFuture<MemorySegment> result = fetched.get(window);
        long start = (long) window * windowBytes;
        MemorySegment target =
                buffers.get(window % buffers.size())
                        .asSlice(0, Math.min(windowBytes, size - start));
        fetchers.execute(
                () -> {
                    try {
                        source.read(from + start, target);
                        result.complete(target);
                    } catch (IOException | RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                });
    }

    private void hash() {
        try {
            MessageDigest running = Sha256.digest();
            byte[] piece = new byte[PIECE_BYTES];
            MemorySegment heap = MemorySegment.ofArray(piece);
            for (int i = 0; i < count; i++) {
                MemorySegment window = fetched.get(i).get();
                for (long at = 0; at < window.byteSize(); at += PIECE_BYTES) {
                    int n = (int) Math.min(PIECE_BYTES, window.byteSize() - at);
                    MemorySegment.copy(window, at, heap, 0, n);
                    running.update(piece, 0, n);
                }
                release(i);
            }
            digest.complete(Sha256.of(running));
        } catch (ExecutionException e) {
            digest.completeExceptionally(e.getCause());
        } catch (InterruptedException | RuntimeException e) {
            digest.completeExceptionally(e);
        }
    }

    private void release(int window) {
        if (users.get(window).decrementAndGet() == 0 && window + buffers.size() < count) {
            fetch(window + buffers.size());
        }
    }

    boolean hasNext() {
        return next < count;
    }

    /** The next window; the one before must not be used any more. */
    MemorySegment next() throws IOException {
        if (next > 0) {
            release(next - 1);
        }
        return await(fetched.get(next++));
    }

    /** The digest of everything. All windows must have been taken. */
    Sha256 digest() throws IOException {
        return await(digest);
    }

    private <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException("interrupted: " + source.name());
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException("a fetch failed", e);
            }
        }
    }

    /** Ends what is in flight, and returns when nothing runs any more. */
    @Override
    public void close() {
        var _ = fetchers.shutdownNow();
        fetched.forEach(f -> f.completeExceptionally(new CancellationException("closed")));
        boolean interrupted = Thread.interrupted();
        fetchers.close();
        while (true) {
            try {
                hashing.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        arena.close();
    }
}
