// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.schemas.sparsity.DoubleColumn;
import dev.espalier.schemas.sparsity.LongColumn;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.MaskFile;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Square BF16 matrices of Gaussian numbers, three quarters of them active. */
public final class LargeSnapshot {

    private static final int SIDE = 8192;
    private static final long TENSOR_BYTES = 2L * SIDE * SIDE;

    private LargeSnapshot() {}

    /** A million numbers again and again, each time from another place on. */
    public static void writeWeights(Path file, int tensors) throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        byte[] numbers = new byte[2 << 20];
        ByteBuffer buffer = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            float value = (float) (0.02 * random.nextGaussian());
            buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < tensors; i++) {
            entries.add(
                    "\"%s\":{\"dtype\":\"BF16\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    name(i), SIDE, SIDE, i * TENSOR_BYTES, (i + 1) * TENSOR_BYTES));
        }
        byte[] json = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        byte[] header = new byte[Math.ceilDiv(8 + json.length, 64) * 64];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length - 8).put(json);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header);
            for (long left = tensors * TENSOR_BYTES; left > 0; ) {
                int from = 2 * random.nextInt(1 << 19);
                int n = (int) Math.min(left, numbers.length - from);
                out.write(numbers, from, n);
                left -= n;
            }
        }
    }

    public static void writeMask(Path file, int tensors) throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, List<Long>> shapes = new TreeMap<>();
        for (int i = 0; i < tensors; i++) {
            shapes.put(name(i), List.of((long) SIDE, (long) SIDE));
        }
        try (MaskFile mask = MaskFile.create(file, shapes)) {
            for (MaskTensor tensor : mask.mask().tensors().values()) {
                for (int i = 0; i < tensor.wordCount(); i++) {
                    long some = random.nextLong();
                    tensor.setWord(i, some | random.nextLong());
                }
            }
        }
    }

    private static String name(int i) {
        return "layer.%02d.weight".formatted(i);
    }

    /** Power sums by plain loops over rows. */
    public static List<MeasuredTensor> measured(Path weights, Path mask, List<Double> exponents)
            throws IOException {
        double[][] powers = new double[exponents.size()][1 << 15];
        for (int e = 0; e < powers.length; e++) {
            for (int key = 0; key < powers[e].length; key++) {
                powers[e][key] = Math.pow(Float.intBitsToFloat(key << 16), exponents.get(e));
            }
        }
        List<MeasuredTensor> measured = new ArrayList<>();
        try (FileSource source = FileSource.open(weights);
                MaskFile active = MaskFile.open(mask)) {
            for (TensorInfo tensor : SafetensorsHeader.read(source).tensors()) {
                MaskTensor bits = active.mask().tensor(tensor.name());
                measured.add(measured(source, tensor, bits, powers));
            }
        }
        return measured;
    }

    private static MeasuredTensor measured(
            FileSource source, TensorInfo tensor, MaskTensor bits, double[][] powers)
            throws IOException {
        short[] row = new short[SIDE];
        long[] active = new long[SIDE];
        double[][] sums = new double[powers.length][SIDE];
        for (int r = 0; r < SIDE; r++) {
            read(source, tensor, r, row);
            for (int word = 0; word < SIDE / 64; word++) {
                long alive = bits.word(r * (SIDE / 64) + word);
                active[r] += Long.bitCount(alive);
                for (; alive != 0; alive &= alive - 1) {
                    int key = row[word * 64 + Long.numberOfTrailingZeros(alive)] & Short.MAX_VALUE;
                    for (int e = 0; e < powers.length; e++) {
                        sums[e][r] += powers[e][key];
                    }
                }
            }
        }
        return new MeasuredTensor(
                tensor.name(),
                tensor.shape(),
                bits.active(),
                Arrays.stream(sums).map(column -> Arrays.stream(column).sum()).toList(),
                new MeasuredTensor.Units(
                        LongColumn.over(active),
                        Arrays.stream(sums).map(DoubleColumn::over).toList()));
    }

    /** The number of weights that a mask takes, if none of them is larger than one that stays. */
    public static long gone(FileSource weights, TensorInfo tensor, MaskTensor from, MaskTensor to)
            throws IOException {
        short[] row = new short[SIDE];
        int largestGone = 0;
        int smallestKept = Integer.MAX_VALUE;
        long gone = 0;
        for (int r = 0; r < SIDE; r++) {
            read(weights, tensor, r, row);
            for (int word = 0; word < SIDE / 64; word++) {
                int at = r * (SIDE / 64) + word;
                long kept = to.word(at);
                gone += Long.bitCount(from.word(at) & ~kept);
                for (long alive = from.word(at); alive != 0; alive &= alive - 1) {
                    int i = Long.numberOfTrailingZeros(alive);
                    int key = row[word * 64 + i] & Short.MAX_VALUE;
                    if ((kept >>> i & 1) == 0) {
                        largestGone = Math.max(largestGone, key);
                    } else {
                        smallestKept = Math.min(smallestKept, key);
                    }
                }
            }
        }
        if (largestGone > smallestKept || !to.isSubsetOf(from)) {
            throw new IllegalStateException(tensor.name() + " lost a larger weight than it kept");
        }
        return gone;
    }

    private static void read(FileSource source, TensorInfo tensor, int row, short[] into)
            throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(new byte[2 * SIDE]);
        source.read(tensor.offset() + 2L * row * SIDE, bytes);
        MemorySegment.ofArray(into).copyFrom(bytes);
    }
}
