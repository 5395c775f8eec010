// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.schemas.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Normally distributed weights, the same ones in every place and run. */
record Weights(DType dtype, MemorySegment bytes) {

    private static final long SEED = 1;
    private static final int ALIGNMENT = 64;
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
}
