// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.SafetensorsWriter;
import dev.espalier.schemas.tensor.TensorData;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small safetensors files, well formed and not. */
public final class WeightsFile {

    private final List<TensorData> tensors = new ArrayList<>();

    public WeightsFile with(String name, List<Long> shape, float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        tensors.add(new TensorData(name, DType.F32, shape, MemorySegment.ofArray(bytes.array())));
        return this;
    }

    public Path in(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            SafetensorsWriter.write(out, Map.of(), tensors);
        }
        return file;
    }

    /** A file that begins with any header, true or not. */
    public static Path raw(Path file, long headerLength, String header, int dataBytes)
            throws IOException {
        byte[] json = header.getBytes(UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + json.length + dataBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(headerLength)
                        .put(json);
        return Files.write(file, bytes.array());
    }
}
