// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors as the reference implementation does: tensors by size of their type,
 * descending, then by name; metadata keys sorted; the header padded. Equal content is equal bytes.
 */
public final class SafetensorsWriter {

    /** The buffer starts at a multiple of this, so that a mapped file can be read in place. */
    private static final int ALIGNMENT = 64;

    private static final int PIECE_BYTES = 1 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * @param out is not closed
     */
    public static void write(
            OutputStream out, Map<String, String> metadata, List<TensorData> tensors)
            throws IOException {
        List<TensorData> ordered =
                tensors.stream()
                        .sorted(
                                Comparator.comparingInt((TensorData t) -> -t.dtype().bytes())
                                        .thenComparing(TensorData::name))
                        .toList();
        for (int i = 1; i < ordered.size(); i++) {
            if (ordered.get(i).name().equals(ordered.get(i - 1).name())) {
                throw new IllegalArgumentException(
                        "two tensors are named '%s'".formatted(ordered.get(i).name()));
            }
        }
        out.write(
                header(
                        metadata,
                        ordered.stream()
                                .map(t -> new TensorInfo(t.name(), t.dtype(), t.shape(), 0))
                                .toList()));
        byte[] piece = new byte[PIECE_BYTES];
        for (TensorData tensor : ordered) {
            copy(tensor.bytes(), piece, out);
        }
    }

    /**
     * What stands before the buffer: the length and the padded JSON.
     *
     * @param tensors in the order of the file; their offsets are not used
     */
    static byte[] header(Map<String, String> metadata, List<TensorInfo> tensors)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (TensorInfo tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.dtype().name());
                writeLongs(json, "shape", tensor.shape());
                writeLongs(json, "data_offsets", List.of(at, at + tensor.byteSize()));
                json.writeEndObject();
                at += tensor.byteSize();
            }
            json.writeEndObject();
        }
        int padded = Math.ceilDiv(Long.BYTES + bytes.size(), ALIGNMENT) * ALIGNMENT;
        byte[] header = new byte[padded];
        Arrays.fill(header, (byte) ' ');
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded - Long.BYTES)
                .put(bytes.toByteArray());
        return header;
    }

    private static void writeLongs(JsonGenerator json, String name, List<Long> values)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (long value : values) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }

    private static void copy(MemorySegment bytes, byte[] piece, OutputStream out)
            throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += piece.length) {
            int n = (int) Math.min(piece.length, bytes.byteSize() - at);
            MemorySegment.copy(bytes, at, MemorySegment.ofArray(piece), 0, n);
            out.write(piece, 0, n);
        }
    }
}
