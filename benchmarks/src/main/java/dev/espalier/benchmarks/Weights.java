// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Normally distributed weights, the same ones in every place and run. */
record Weights(DType dtype, MemorySegment bytes) {

    private static final long SEED = 1;
    private static final int ALIGNMENT = 64;
    private static final int ROW = 1000;
    private static final ValueLayout.OfFloat F32 =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort BITS16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * @param dtype F32 or BF16
     */
    static Weights outsideTheHeap(DType dtype, int count, Arena arena) {
        return filled(dtype, count, arena.allocate((long) count * dtype.bytes(), ALIGNMENT));
    }

    static Weights onTheHeap(DType dtype, int count) {
        return filled(dtype, count, MemorySegment.ofArray(new byte[count * dtype.bytes()]));
    }

    private static Weights filled(DType dtype, int count, MemorySegment bytes) {
        RandomGenerator random = new SplittableRandom(SEED);
        for (int i = 0; i < count; i++) {
            float weight = (float) random.nextGaussian();
            if (dtype == DType.F32) {
                bytes.set(F32, 4L * i, weight);
            } else {
                bytes.set(BITS16, 2L * i, (short) (Float.floatToRawIntBits(weight) >>> 16));
            }
        }
        return new Weights(dtype, bytes);
    }

    /** The same bytes in a file, which the page cache holds, mapped. */
    Weights mapped(Path file, Arena arena) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE)) {
            MemorySegment target =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes.byteSize(), arena);
            target.copyFrom(bytes);
            return new Weights(dtype, target.asReadOnly());
        } finally {
            // The mapping keeps what it needs.
            Files.deleteIfExists(file);
        }
    }

    /** A safetensors file of them, gone when it is closed. */
    static FileSource file(List<TensorData> tensors) throws IOException {
        Path file = Files.createTempFile("weights", ".safetensors");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                SafetensorsWriter.write(out, Map.of(), tensors);
            }
            return FileSource.open(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** One tensor of rows of 1,000 weights; what does not fill a row is left out. */
    FileSource file() throws IOException {
        long rows = bytes.byteSize() / dtype.bytes() / ROW;
        return file(
                List.of(
                        new TensorData(
                                "w.weight",
                                dtype,
                                List.of(rows, (long) ROW),
                                bytes.asSlice(0, rows * ROW * dtype.bytes()))));
    }
}
