// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One IDX file of unsigned bytes, plain or gzipped, as MNIST defined the format: a magic number
 * {@code 0x0000080D} with D dimensions, D big-endian sizes, then the values. Offsets in messages
 * count unpacked bytes.
 */
final class IdxFile {

    static final int LABELS = 0x0801;
    static final int IMAGES = 0x0803;

    private final Path file;
    private final int[] sizes;
    private final byte[] values;

    private IdxFile(Path file, int[] sizes, byte[] values) {
        this.file = file;
        this.sizes = sizes;
        this.values = values;
    }

    static IdxFile read(Path file, int magic) {
        try (InputStream in = open(file)) {
            checkMagic(file, magic, readInt(file, in, 0, "a magic number"));
            int[] sizes = new int[magic & 0xff];
            long length = 1;
            for (int i = 0; i < sizes.length; i++) {
                int offset = 4 + 4 * i;
                sizes[i] = readInt(file, in, offset, "the size of dimension " + i);
                if (sizes[i] < 1) {
                    throw new UnusableDataException(
                            "%s: size %d of dimension %d at offset %d; expected a positive number"
                                    .formatted(file, sizes[i], i, offset));
                }
                length *= sizes[i];
                if (length > Integer.MAX_VALUE - 16) {
                    throw new UnusableDataException(
                            "%s: sizes %s up to offset %d make more than 2 GiB; expected less"
                                    .formatted(file, Arrays.toString(sizes), offset + 4));
                }
            }
            int start = 4 + 4 * sizes.length;
            byte[] values = readExactly(file, in, (int) length, start);
            if (in.read() >= 0) {
                throw new UnusableDataException(
                        "%s: data after offset %d; expected the end of the file there, from sizes %s"
                                .formatted(file, start + length, Arrays.toString(sizes)));
            }
            return new IdxFile(file, sizes, values);
        } catch (ZipException e) {
            throw new UnusableDataException(
                    "%s: not gzip data, or damaged (%s)".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
    }

    Path file() {
        return file;
    }

    int size(int dimension) {
        return sizes[dimension];
    }

    byte[] values() {
        return values;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (!file.toString().endsWith(".gz")) {
            return new BufferedInputStream(in, 1 << 16);
        }
        try {
            return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void checkMagic(Path file, int expected, int found) {
        if (found == expected) {
            return;
        }
        String hint =
                switch (found) {
                    case IMAGES -> "\nMaybe this is an image file under the name of a label file.";
                    case LABELS -> "\nMaybe this is a label file under the name of an image file.";
                    default -> "";
                };
        throw new UnusableDataException(
                "%s: magic number 0x%08x at offset 0; expected 0x%08x (%s)%s"
                        .formatted(
                                file,
                                found,
                                expected,
                                expected == IMAGES ? "images" : "labels",
                                hint));
    }

    private static int readInt(Path file, InputStream in, int offset, String what)
            throws IOException {
        byte[] bytes = readUpTo(in, 4);
        if (bytes.length < 4) {
            throw new UnusableDataException(
                    "%s: ends at offset %d; expected %s (4 bytes) at offset %d"
                            .formatted(file, offset + bytes.length, what, offset));
        }
        return ByteBuffer.wrap(bytes).getInt();
    }

    private static byte[] readExactly(Path file, InputStream in, int length, int start)
            throws IOException {
        byte[] bytes = readUpTo(in, length);
        if (bytes.length < length) {
            throw new UnusableDataException(
                    ("%s: truncated: ends at offset %d; expected %d bytes of values from offset %d"
                                    + " to %d")
                            .formatted(
                                    file,
                                    start + bytes.length,
                                    length,
                                    start,
                                    (long) start + length));
        }
        return bytes;
    }

    /** A gzip stream that was cut off throws at its end; what came before it tells the offset. */
    private static byte[] readUpTo(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, 1 << 20)];
        int filled = 0;
        try {
            while (filled < length) {
                if (filled == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
                }
                int read = in.read(bytes, filled, bytes.length - filled);
                if (read < 0) {
                    break;
                }
                filled += read;
            }
        } catch (EOFException e) {
            return Arrays.copyOf(bytes, filled);
        }
        return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
    }
}
