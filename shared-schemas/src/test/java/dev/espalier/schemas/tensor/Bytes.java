// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Bytes in memory as a source, and what makes them. */
final class Bytes implements ByteSource {

    private final byte[] content;
    private final long size;

    /**
     * @param size that the source claims; the bytes beyond the content cannot be read
     */
    Bytes(byte[] content, long size) {
        this.content = content;
        this.size = size;
    }

    static Bytes of(byte[] content) {
        return new Bytes(content, content.length);
    }

    /** A file made by hand: length, header, buffer. */
    static Bytes file(String header, int bufferBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return of(
                ByteBuffer.allocate(Long.BYTES + json.length + bufferBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
    }

    static Bytes written(Map<String, String> metadata, List<TensorData> tensors) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            SafetensorsWriter.write(out, metadata, tensors);
            return of(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Bytes written(Mask mask) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            MaskCodec.write(out, mask);
            return of(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A shape of rank 0 to 4, with an extent of 0 now and then. */
    static List<Long> shape(RandomGenerator random) {
        List<Long> shape = new ArrayList<>();
        int rank = random.nextInt(5);
        for (int i = 0; i < rank; i++) {
            shape.add((long) random.nextInt(random.nextInt(8) == 0 ? 1 : 9));
        }
        return shape;
    }

    static TensorData tensor(String name, DType dtype, List<Long> shape, RandomGenerator random) {
        byte[] bytes = new byte[(int) TensorInfo.byteSize(name, dtype, shape)];
        random.nextBytes(bytes);
        return new TensorData(name, dtype, shape, MemorySegment.ofArray(bytes));
    }

    /** The bytes themselves: a test may damage them. */
    byte[] content() {
        return content;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        if (offset + target.byteSize() > content.length) {
            throw new EOFException("bytes beyond %d were asked for".formatted(content.length));
        }
        MemorySegment.copy(MemorySegment.ofArray(content), offset, target, 0, target.byteSize());
    }

    @Override
    public void close() {}
}
