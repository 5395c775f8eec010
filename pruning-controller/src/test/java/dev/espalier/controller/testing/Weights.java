// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A network in memory: what a trainer would have written, and what would be measured of it, by
 * plain loops.
 */
public final class Weights {

    public static final List<Double> EXPONENTS = List.of(0.5, 1.0, 2.0);

    /** A tensor whose values, row-major, are exact in its type. */
    public static final class Tensor {

        private final String name;
        private final DType dtype;
        private final List<Long> shape;
        private final double[] values;

        private Tensor(String name, DType dtype, int rows, double[] values) {
            this.name = name;
            this.dtype = dtype;
            this.shape = List.of((long) rows, (long) values.length / rows);
            this.values = values;
        }

        public String name() {
            return name;
        }

        public DType dtype() {
            return dtype;
        }

        public List<Long> shape() {
            return shape;
        }

        public double[] values() {
            return values;
        }

        public int rows() {
            return Math.toIntExact(shape.getFirst());
        }

        public int rowLength() {
            return values.length / rows();
        }
    }

    private final List<Tensor> tensors;

    private Weights(List<Tensor> tensors) {
        this.tensors = tensors;
    }

    public static Weights of(Tensor... tensors) {
        // The order of the file.
        return new Weights(
                List.of(tensors).stream()
                        .sorted(
                                Comparator.comparingInt((Tensor t) -> -t.dtype().bytes())
                                        .thenComparing(Tensor::name))
                        .toList());
    }

    /** One single-precision matrix. */
    public static Tensor matrix(String name, int rows, double... values) {
        return tensor(name, DType.F32, rows, values);
    }

    /** A matrix with its values rounded to what the type holds. */
    public static Tensor tensor(String name, DType dtype, int rows, double... values) {
        double[] exact = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            exact[i] = rounded(dtype, values[i]);
        }
        return new Tensor(name, dtype, rows, exact);
    }

    public List<Tensor> tensors() {
        return tensors;
    }

    public Tensor tensor(String name) {
        return tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    }

    public HeapSource source(String name) {
        return new HeapSource(name, bytes());
    }

    public byte[] bytes() {
        List<TensorData> data = new ArrayList<>();
        for (Tensor tensor : tensors) {
            data.add(
                    new TensorData(
                            tensor.name(),
                            tensor.dtype(),
                            tensor.shape(),
                            MemorySegment.ofArray(encoded(tensor))));
        }
        data.add(
                new TensorData(
                        "fc1.bias", DType.F32, List.of(2L), MemorySegment.ofArray(new byte[8])));
        var out = new ByteArrayOutputStream();
        try {
            SafetensorsWriter.write(out, Map.of("format", "pt"), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public List<MeasuredTensor> measured(Mask mask) {
        return tensors.stream().map(tensor -> measured(tensor, mask)).toList();
    }

    private static MeasuredTensor measured(Tensor tensor, Mask mask) {
        MaskTensor given = mask.tensor(tensor.name());
        MaskTensor bits = given == null ? MaskTensor.ones(tensor.shape()) : given;
        List<Long> active = new ArrayList<>();
        List<List<Double>> columns = new ArrayList<>();
        EXPONENTS.forEach(e -> columns.add(new ArrayList<>()));
        double[] totals = new double[EXPONENTS.size()];
        for (int row = 0; row < tensor.rows(); row++) {
            int from = row * tensor.rowLength();
            int to = from + tensor.rowLength();
            active.add(bits.active(from, to));
            for (int e = 0; e < totals.length; e++) {
                double sum = 0;
                for (int i = from; i < to; i++) {
                    sum += bits.get(i) ? power(tensor.values()[i], EXPONENTS.get(e)) : 0;
                }
                columns.get(e).add(sum);
                totals[e] += sum;
            }
        }
        List<Double> sums = new ArrayList<>();
        for (double total : totals) {
            sums.add(total);
        }
        return new MeasuredTensor(
                tensor.name(),
                tensor.shape(),
                bits.active(),
                sums,
                new MeasuredTensor.Units(active, columns));
    }

    private static double power(double value, double exponent) {
        return value == 0 ? 0 : StrictMath.pow(Math.abs(value), exponent);
    }

    private static double rounded(DType dtype, double value) {
        return switch (dtype) {
            case F64 -> value;
            case F32 -> (float) value;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
            case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits((float) value) & 0xffff_0000);
            default -> throw new IllegalArgumentException("no weights: " + dtype);
        };
    }

    private static byte[] encoded(Tensor tensor) {
        double[] values = tensor.values();
        byte[] bytes = new byte[Math.multiplyExact(values.length, tensor.dtype().bytes())];
        MemorySegment out = MemorySegment.ofArray(bytes);
        var doubles = JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        var floats = JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        var shorts = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            float single = (float) values[i];
            switch (tensor.dtype()) {
                case F64 -> out.set(doubles, i * 8L, values[i]);
                case F32 -> out.set(floats, i * 4L, single);
                case F16 -> out.set(shorts, i * 2L, Float.floatToFloat16(single));
                case BF16 ->
                        out.set(shorts, i * 2L, (short) (Float.floatToRawIntBits(single) >>> 16));
                default -> throw new IllegalArgumentException("no weights: " + tensor.dtype());
            }
        }
        return bytes;
    }
}
