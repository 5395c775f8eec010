// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

import dev.espalier.schemas.ForeignText;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The header of a safetensors file: what is in it and where. A file whose tensors overlap, leave
 * holes or do not fill the file exactly is refused.
 *
 * @param metadata strings under {@code __metadata__}
 * @param tensors in the order of their bytes; this is the tensor order that breaks ties
 * @param dataOffset where the buffer begins in the file
 */
public record SafetensorsHeader(
        Map<String, String> metadata, List<TensorInfo> tensors, long dataOffset) {

    static final int LENGTH_BYTES = 8;

    /** The one name in the header that does not name a tensor. */
    static final String METADATA = "__metadata__";

    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    public SafetensorsHeader {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }

    /**
     * Reads and checks the header. Nothing is allocated before its length was checked.
     *
     * @throws SafetensorsException if the bytes are not a safetensors file
     * @throws IOException if they cannot be read
     */
    public static SafetensorsHeader read(ByteSource source) throws IOException {
        return read(source, HeaderLimits.DEFAULT);
    }

    /**
     * Reads and checks the header within limits.
     *
     * @throws SafetensorsException if the bytes are not a safetensors file, or pass a limit
     * @throws IOException if they cannot be read
     */
    public static SafetensorsHeader read(ByteSource source, HeaderLimits limits)
            throws IOException {
        String name = source.name();
        if (source.size() < LENGTH_BYTES) {
            throw new SafetensorsException(
                    "%s has %d bytes: a safetensors file has at least 8\nTry: check whether it was truncated"
                            .formatted(name, source.size()));
        }
        byte[] lengthBytes = new byte[LENGTH_BYTES];
        source.read(0, MemorySegment.ofArray(lengthBytes));
        long length = MemorySegment.ofArray(lengthBytes).get(LENGTH, 0);
        if (length < 0 || length > limits.bytes()) {
            throw new SafetensorsException(
                    "%s announces a header of %s bytes: at most %d are allowed\nTry: check that it is a safetensors file"
                            .formatted(name, Long.toUnsignedString(length), limits.bytes()));
        }
        if (length > source.size() - LENGTH_BYTES) {
            throw new SafetensorsException(
                    "%s announces a header of %d bytes, but has only %d bytes in all\nTry: check whether it was truncated"
                            .formatted(name, length, source.size()));
        }
        byte[] json = new byte[(int) length];
        source.read(LENGTH_BYTES, MemorySegment.ofArray(json));
        HeaderParser.Parsed parsed = HeaderParser.parse(name, json, limits);
        return checked(name, parsed, LENGTH_BYTES + length, source.size());
    }

    private static SafetensorsHeader checked(
            String name, HeaderParser.Parsed parsed, long dataOffset, long fileSize) {
        List<HeaderParser.Entry> entries =
                parsed.entries().stream()
                        .sorted(
                                Comparator.comparingLong(HeaderParser.Entry::begin)
                                        .thenComparingLong(HeaderParser.Entry::end)
                                        .thenComparing(HeaderParser.Entry::name))
                        .toList();
        long at = 0;
        for (HeaderParser.Entry entry : entries) {
            if (entry.begin() != at) {
                throw new SafetensorsException(
                        "%s: tensor '%s' begins at byte %d of the buffer, but the one before ends at %d: tensors must not %s"
                                .formatted(
                                        name,
                                        ForeignText.escaped(entry.name()),
                                        entry.begin(),
                                        at,
                                        entry.begin() < at ? "overlap" : "leave holes"));
            }
            long wanted = entry.info(dataOffset).byteSize();
            if (entry.end() - entry.begin() != wanted) {
                throw new SafetensorsException(
                        "%s: tensor '%s' of type %s and shape %s has %d bytes, its offsets span %d"
                                .formatted(
                                        name,
                                        ForeignText.escaped(entry.name()),
                                        entry.dtype(),
                                        entry.shape(),
                                        wanted,
                                        entry.end() - entry.begin()));
            }
            at = entry.end();
        }
        if (at != fileSize - dataOffset) {
            throw new SafetensorsException(
                    "%s: its tensors take %d bytes after the header, the file has %d\nTry: check whether it was %s"
                            .formatted(
                                    name,
                                    at,
                                    fileSize - dataOffset,
                                    at > fileSize - dataOffset ? "truncated" : "written twice"));
        }
        return new SafetensorsHeader(
                parsed.metadata(),
                entries.stream().map(entry -> entry.info(dataOffset)).toList(),
                dataOffset);
    }

    public Optional<TensorInfo> tensor(String name) {
        return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }
}
