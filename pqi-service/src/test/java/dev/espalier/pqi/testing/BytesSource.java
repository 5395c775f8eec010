// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.testing;

import dev.espalier.schemas.tensor.ByteSource;
import java.io.EOFException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Bytes in memory, which remember what was read. */
public final class BytesSource implements ByteSource {

    private final MemorySegment bytes;
    private final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());

    public BytesSource(byte[] bytes) {
        this.bytes = MemorySegment.ofArray(bytes);
    }

    @Override
    public String name() {
        return "bytes";
    }

    @Override
    public long size() {
        return bytes.byteSize();
    }

    @Override
    public void read(long offset, MemorySegment target) throws EOFException {
        if (offset + target.byteSize() > size()) {
            throw new EOFException("beyond the end");
        }
        offsets.add(offset);
        MemorySegment.copy(bytes, offset, target, 0, target.byteSize());
    }

    /** Where each read began, in the order of the reads. */
    public List<Long> offsets() {
        return List.copyOf(offsets);
    }

    @Override
    public void close() {}
}
