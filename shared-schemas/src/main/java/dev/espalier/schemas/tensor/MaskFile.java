// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mask whose bits stay in a local file, which is mapped: the mask of a snapshot of billions of
 * weights needs no heap, and the system may evict what nobody reads.
 *
 * <p>The file is what {@link MaskCodec#write} would write, byte for byte. Once this is closed its
 * mask must not be used any more.
 */
public final class MaskFile implements AutoCloseable {

    private final Arena arena;
    private final Mask mask;

    private MaskFile(Arena arena, Mask mask) {
        this.arena = arena;
        this.mask = mask;
    }

    /**
     * Maps a mask for reading; writing to it is an error.
     *
     * @throws SafetensorsException if the file is not a mask
     */
    public static MaskFile open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileSource source = FileSource.open(file)) {
            List<MaskCodec.Entry> entries = MaskCodec.entries(source);
            return new MaskFile(arena, mapped(source.name(), source.map(arena), entries));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Makes a mask of a new file, all weights pruned, to be written to in place.
     *
     * @param file must not be there, or is overwritten
     * @param shapes of the tensors to mask, by name
     */
    public static MaskFile create(Path file, Map<String, List<Long>> shapes) throws IOException {
        SortedMap<String, List<Long>> sorted = new TreeMap<>(shapes);
        List<MaskCodec.Entry> entries = new ArrayList<>();
        sorted.forEach(
                (name, shape) -> {
                    long size = MaskCodec.byteCount(TensorInfo.elements(name, shape));
                    TensorInfo info = new TensorInfo(name, DType.U8, List.of(size), 0);
                    entries.add(new MaskCodec.Entry(shape, info));
                });
        byte[] header =
                SafetensorsWriter.header(
                        MaskCodec.metadata(sorted),
                        entries.stream().map(MaskCodec.Entry::bytes).toList());
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.wrap(header);
            while (head.hasRemaining()) {
                var _ = channel.write(head);
            }
            List<MaskCodec.Entry> placed = placed(entries, header.length);
            long size = header.length + placed.stream().mapToLong(e -> e.bytes().count()).sum();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
            return new MaskFile(arena, mapped(file.toString(), bytes, placed));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static List<MaskCodec.Entry> placed(List<MaskCodec.Entry> entries, long start) {
        List<MaskCodec.Entry> placed = new ArrayList<>();
        long at = start;
        for (MaskCodec.Entry entry : entries) {
            TensorInfo info = entry.bytes();
            placed.add(
                    new MaskCodec.Entry(
                            entry.shape(),
                            new TensorInfo(info.name(), info.dtype(), info.shape(), at)));
            at += info.count();
        }
        return placed;
    }

    private static Mask mapped(String file, MemorySegment bytes, List<MaskCodec.Entry> entries) {
        SortedMap<String, MaskTensor> tensors = new TreeMap<>();
        for (MaskCodec.Entry entry : entries) {
            TensorInfo info = entry.bytes();
            MemorySegment bits = bytes.asSlice(info.offset(), info.count());
            MaskTensor tensor = MaskTensor.over(entry.shape(), bits);
            MaskCodec.requireUnusedBitsClear(file, tensor, entry);
            tensors.put(info.name(), tensor);
        }
        return new Mask(tensors);
    }

    /** The mask; its tensors lie in the file. */
    public Mask mask() {
        return mask;
    }

    /** Unmaps the file, which stays. What was written to the mask can then be read from it. */
    @Override
    public void close() {
        arena.close();
    }
}
