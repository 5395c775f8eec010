// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, read by position. */
public final class FileSource implements ByteSource {

    /** Below the 2 GiB that a ByteBuffer can span. */
    private static final long PIECE_BYTES = 1L << 30;

    private final Path file;
    private final FileChannel channel;
    private final long size;

    private FileSource(Path file, FileChannel channel, long size) {
        this.file = file;
        this.channel = channel;
        this.size = size;
    }

    public static FileSource open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new FileSource(file, channel, channel.size());
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        for (long done = 0; done < target.byteSize(); ) {
            long piece = Math.min(PIECE_BYTES, target.byteSize() - done);
            ByteBuffer buffer = target.asSlice(done, piece).asByteBuffer();
            int read = channel.read(buffer, offset + done);
            if (read < 0) {
                throw new EOFException(
                        "%s ends at byte %d, wanted are bytes %d to %d"
                                .formatted(file, size, offset, offset + target.byteSize()));
            }
            done += read;
        }
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
