// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.schemas.tensor.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Bytes in memory as a source. */
public final class HeapSource implements ByteSource {

    private final String name;
    private final byte[] bytes;

    public HeapSource(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        if (offset + target.byteSize() > bytes.length) {
            throw new EOFException("%s ends at byte %d".formatted(name, bytes.length));
        }
        MemorySegment.copy(MemorySegment.ofArray(bytes), offset, target, 0, target.byteSize());
    }

    @Override
    public void close() {}
}
