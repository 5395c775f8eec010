// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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

    private MaskCodec() {}

    /**
     * Where the mask of a tensor stands in a file.
     *
     * @param shape of the tensor that is masked
     * @param bytes of type U8
     */
    record Entry(List<Long> shape, TensorInfo bytes) {}

    /**
     * @param out is not closed
     */
    public static void write(OutputStream out, Mask mask) throws IOException {
        SortedMap<String, List<Long>> shapes = new TreeMap<>();
        List<TensorData> tensors = new ArrayList<>();
        mask.tensors()
                .forEach(
                        (name, tensor) -> {
                            shapes.put(name, tensor.shape());
                            long bytes = byteCount(tensor.count());
                            tensors.add(
                                    new TensorData(name, DType.U8, List.of(bytes), tensor.bytes()));
                        });
        SafetensorsWriter.write(out, metadata(shapes), tensors);
    }

    static Map<String, String> metadata(SortedMap<String, List<Long>> shapes) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        shapes.forEach((name, shape) -> metadata.put(SHAPE_KEY + name, text(shape)));
        return metadata;
    }

    static long byteCount(long weights) {
        return Math.ceilDiv(weights, 8L);
    }

    /**
     * Reads a mask into memory; {@link MaskFile} leaves a large one where it is.
     *
     * @throws SafetensorsException if the bytes are not a mask
     */
    public static Mask read(ByteSource source) throws IOException {
        Map<String, MaskTensor> tensors = new TreeMap<>();
        for (Entry entry : entries(source)) {
            MaskTensor mask = MaskTensor.zeros(entry.shape());
            source.read(entry.bytes().offset(), mask.bytes());
            requireUnusedBitsClear(source.name(), mask, entry);
            tensors.put(entry.bytes().name(), mask);
        }
        return new Mask(tensors);
    }

    /** Everything but the bits, checked, in the order of the file. */
    static List<Entry> entries(ByteSource source) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(source, HeaderLimits.MASK);
        if (!FORMAT.equals(header.metadata().get("format"))) {
            throw new SafetensorsException(
                    "%s is not a mask: its metadata has the format %s, not %s"
                            .formatted(source.name(), header.metadata().get("format"), FORMAT));
        }
        List<Entry> entries = new ArrayList<>();
        for (TensorInfo info : header.tensors()) {
            entries.add(entry(source.name(), header, info));
        }
        return entries;
    }

    private static Entry entry(String file, SafetensorsHeader header, TensorInfo info) {
        List<Long> shape = shape(file, info.name(), header.metadata());
        long wanted = byteCount(TensorInfo.elements(info.name(), shape));
        if (info.dtype() != DType.U8 || info.shape().size() != 1 || info.count() != wanted) {
            throw new SafetensorsException(
                    "%s: the mask of '%s', shape %s, must be U8 with %d bytes, is %s with shape %s"
                            .formatted(
                                    file, info.name(), shape, wanted, info.dtype(), info.shape()));
        }
        return new Entry(shape, info);
    }

    static void requireUnusedBitsClear(String file, MaskTensor mask, Entry entry) {
        if (mask.hasUnusedBitsSet()) {
            throw new SafetensorsException(
                    "%s: the mask of '%s' has bits set after its last weight"
                            .formatted(file, entry.bytes().name()));
        }
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
