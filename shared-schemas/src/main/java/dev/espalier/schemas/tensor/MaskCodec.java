// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Masks as safetensors: per tensor one bit per weight, packed little-endian in row-major order in a
 * U8 tensor of the same name. The metadata has {@code format = espalier-mask-v1} and, per tensor,
 * {@code shape.NAME}, the extents joined by commas.
 */
public final class MaskCodec {

    public static final String FORMAT = "espalier-mask-v1";

    private static final String SHAPE_KEY = "shape.";
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MaskCodec() {}

    /**
     * @param out is not closed
     */
    public static void write(OutputStream out, Mask mask) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        List<TensorData> tensors = new ArrayList<>();
        mask.tensors()
                .forEach(
                        (name, tensor) -> {
                            metadata.put(SHAPE_KEY + name, text(tensor.shape()));
                            byte[] bytes = bytes(tensor);
                            tensors.add(
                                    new TensorData(
                                            name,
                                            DType.U8,
                                            List.of((long) bytes.length),
                                            MemorySegment.ofArray(bytes)));
                        });
        SafetensorsWriter.write(out, metadata, tensors);
    }

    /**
     * @throws SafetensorsException if the bytes are no mask
     */
    public static Mask read(ByteSource source) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(source);
        if (!FORMAT.equals(header.metadata().get("format"))) {
            throw new SafetensorsException(
                    "%s is no mask: its metadata has the format %s, not %s"
                            .formatted(source.name(), header.metadata().get("format"), FORMAT));
        }
        Map<String, MaskTensor> tensors = new TreeMap<>();
        for (TensorInfo info : header.tensors()) {
            tensors.put(info.name(), tensor(source, header, info));
        }
        return new Mask(tensors);
    }

    private static MaskTensor tensor(ByteSource source, SafetensorsHeader header, TensorInfo info)
            throws IOException {
        List<Long> shape = shape(source.name(), info.name(), header.metadata());
        long count = TensorInfo.elements(info.name(), shape);
        if (info.dtype() != DType.U8
                || info.shape().size() != 1
                || info.count() != Math.ceilDiv(count, 8L)) {
            throw new SafetensorsException(
                    "%s: the mask of '%s', shape %s, must be U8 with %d bytes, is %s with shape %s"
                            .formatted(
                                    source.name(),
                                    info.name(),
                                    shape,
                                    Math.ceilDiv(count, 8L),
                                    info.dtype(),
                                    info.shape()));
        }
        MaskTensor mask = MaskTensor.zeros(shape);
        byte[] bytes = new byte[Math.toIntExact(mask.wordCount() * 8L)];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        source.read(info.offset(), segment.asSlice(0, info.count()));
        for (int i = 0; i < mask.wordCount(); i++) {
            mask.setWord(i, segment.get(WORD, i * 8L));
        }
        int tail = (int) (count & 63);
        if (tail != 0 && mask.word(mask.wordCount() - 1) >>> tail != 0) {
            throw new SafetensorsException(
                    "%s: the mask of '%s' has bits set after its last weight"
                            .formatted(source.name(), info.name()));
        }
        return mask;
    }

    private static byte[] bytes(MaskTensor tensor) {
        byte[] bytes = new byte[Math.toIntExact(tensor.wordCount() * 8L)];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < tensor.wordCount(); i++) {
            segment.set(WORD, i * 8L, tensor.word(i));
        }
        return Arrays.copyOf(bytes, Math.toIntExact(Math.ceilDiv(tensor.count(), 8L)));
    }

    private static String text(List<Long> shape) {
        return shape.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static List<Long> shape(String file, String tensor, Map<String, String> metadata) {
        String text = metadata.get(SHAPE_KEY + tensor);
        if (text == null || !text.matches("(\\d{1,18}(,\\d{1,18})*)?")) {
            throw new SafetensorsException(
                    "%s: its metadata has %s for %s%s, extents joined by commas are wanted"
                            .formatted(file, text, SHAPE_KEY, tensor));
        }
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
    }
}
