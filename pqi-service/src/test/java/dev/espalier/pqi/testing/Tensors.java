// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.testing;

import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Tensors, files and masks from plain numbers. */
public final class Tensors {

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LE);

    private Tensors() {}

    /** The values as they stand in a file, rounded to the type where it is narrower. */
    public static byte[] encode(DType dtype, double... values) {
        byte[] bytes = new byte[values.length * dtype.bytes()];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < values.length; i++) {
            long at = (long) i * dtype.bytes();
            switch (dtype) {
                case F64 -> segment.set(DOUBLE, at, values[i]);
                case F32 -> segment.set(FLOAT, at, (float) values[i]);
                case F16 -> segment.set(SHORT, at, Float.floatToFloat16((float) values[i]));
                case BF16 ->
                        segment.set(
                                SHORT,
                                at,
                                (short) (Float.floatToRawIntBits((float) values[i]) >>> 16));
                default -> throw new IllegalArgumentException(dtype.name());
            }
        }
        return bytes;
    }

    /** What is in the file after rounding. */
    public static double[] rounded(DType dtype, double... values) {
        MemorySegment segment = MemorySegment.ofArray(encode(dtype, values));
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            long at = (long) i * dtype.bytes();
            result[i] =
                    switch (dtype) {
                        case F64 -> segment.get(DOUBLE, at);
                        case F32 -> segment.get(FLOAT, at);
                        case F16 -> Float.float16ToFloat(segment.get(SHORT, at));
                        case BF16 -> Float.intBitsToFloat(segment.get(SHORT, at) << 16);
                        default -> throw new IllegalArgumentException(dtype.name());
                    };
        }
        return result;
    }

    public static TensorData tensor(String name, DType dtype, List<Long> shape, double... values) {
        return new TensorData(name, dtype, shape, MemorySegment.ofArray(encode(dtype, values)));
    }

    public static TensorData f32(String name, List<Long> shape, double... values) {
        return tensor(name, DType.F32, shape, values);
    }

    public static byte[] file(TensorData... tensors) {
        return bytes(out -> SafetensorsWriter.write(out, Map.of(), Arrays.asList(tensors)));
    }

    public static byte[] file(Mask mask) {
        return bytes(out -> MaskCodec.write(out, mask));
    }

    /** A mask with each weight active with the given probability. */
    public static MaskTensor mask(RandomGenerator random, double active, List<Long> shape) {
        MaskTensor mask = MaskTensor.zeros(shape);
        for (long i = 0; i < mask.count(); i++) {
            if (random.nextDouble() < active) {
                mask.set(i);
            }
        }
        return mask;
    }

    public static double[] gaussian(RandomGenerator random, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private interface Writing {
        void to(ByteArrayOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
