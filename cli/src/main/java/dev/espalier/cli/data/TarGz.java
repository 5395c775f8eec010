// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.data;

import dev.espalier.cli.CliException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Takes files out of a gzipped tar archive. Only the last part of a member's name counts, and only
 * names that are asked for, so no member can be written anywhere else.
 */
final class TarGz {

    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_DIGITS = 11;
    private static final int TYPE_AT = 156;

    private TarGz() {}

    static void unpack(Path archive, List<String> wanted, Path folder) throws IOException {
        Set<String> missing = new TreeSet<>(wanted);
        try (InputStream in =
                new BufferedInputStream(
                        new GZIPInputStream(Files.newInputStream(archive), 1 << 16), 1 << 16)) {
            byte[] header = new byte[BLOCK];
            while (!missing.isEmpty()
                    && in.readNBytes(header, 0, BLOCK) == BLOCK
                    && header[0] != 0) {
                String path = text(header, 0, NAME_BYTES);
                String name = path.substring(path.lastIndexOf('/') + 1);
                long size = Long.parseLong(text(header, SIZE_AT, SIZE_DIGITS), 8);
                boolean isFile = header[TYPE_AT] == '0' || header[TYPE_AT] == 0;
                if (isFile && missing.remove(name)) {
                    copy(in, size, folder.resolve(name));
                } else {
                    in.skipNBytes(size);
                }
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            }
        } catch (EOFException | NumberFormatException e) {
            throw CliException.failure("%s is no whole tar archive".formatted(archive), e);
        }
        if (!missing.isEmpty()) {
            throw CliException.failure(
                    "%s has no %s".formatted(archive, String.join(", ", missing)));
        }
    }

    private static void copy(InputStream in, long size, Path target) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (long left = size; left > 0; ) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new EOFException();
                }
                out.write(buffer, 0, n);
                left -= n;
            }
        }
    }

    private static String text(byte[] header, int at, int length) {
        String field = new String(header, at, length, StandardCharsets.US_ASCII);
        int end = field.indexOf(0);
        return (end < 0 ? field : field.substring(0, end)).strip();
    }
}
