// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.objectstore;

import dev.espalier.schemas.tensor.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A whole object in memory that belongs to the caller. */
record LoadedObject(String name, MemorySegment bytes) implements ByteSource {

    @Override
    public long size() {
        return bytes.byteSize();
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        if (offset < 0 || offset + target.byteSize() > size()) {
            throw new EOFException(
                    "%s has %d bytes, wanted are %d from offset %d"
                            .formatted(name, size(), target.byteSize(), offset));
        }
        target.copyFrom(bytes.asSlice(offset, target.byteSize()));
    }

    @Override
    public void close() {}
}
