// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.objects;

import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.FileSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** An artefact in a temporary file, which is deleted when this is closed. */
public final class LocalArtifact implements ByteSource {

    private final Path file;
    private final FileSource source;

    LocalArtifact(Path file, FileSource source) {
        this.file = file;
        this.source = source;
    }

    /** To be mapped, for one. */
    public Path file() {
        return file;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        source.read(offset, target);
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
        return source.map(arena);
    }

    @Override
    public void close() throws IOException {
        source.close();
        Files.deleteIfExists(file);
    }
}
