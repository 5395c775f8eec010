// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that can be read by ranges: a file, or an object in the store. Reads are independent of
 * each other and may run side by side.
 */
public interface ByteSource extends AutoCloseable {

    /** What error messages call it: a path or an object key. */
    String name();

    long size();

    /**
     * Fills the whole target with the bytes from an offset on.
     *
     * @param target native or heap memory; its size is the number of bytes to read
     * @throws IOException if the bytes cannot be had, or end too early
     */
    void read(long offset, MemorySegment target) throws IOException;

    /**
     * All bytes, to be read in place; they may outlive this source, but not the arena.
     *
     * @return null if the source has no local file to map
     */
    default @Nullable MemorySegment map(Arena arena) throws IOException {
        return null;
    }

    @Override
    void close() throws IOException;
}
