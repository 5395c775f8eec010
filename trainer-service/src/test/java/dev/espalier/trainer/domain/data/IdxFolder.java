// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Writes small data sets in MNIST's layout: images of 6×6, whose bright row or column is the class.
 */
public final class IdxFolder {

    public static final int SIDE = 6;

    private IdxFolder() {}

    /** A whole data set that a network can learn. */
    public static Path write(Path folder, int train, int test) {
        try {
            Files.createDirectories(folder);
            writeSplit(folder, "train", train, 1);
            writeSplit(folder, "t10k", test, 2);
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void writeSplit(Path folder, String prefix, int count, long seed)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        for (int n = 0; n < count; n++) {
            int label = random.nextInt(10);
            labels[n] = (byte) label;
            for (int i = 0; i < SIDE * SIDE; i++) {
                int line = label < SIDE ? i / SIDE : i % SIDE + SIDE;
                int light = line == label ? 160 : 20;
                pixels[n * SIDE * SIDE + i] = (byte) (light + random.nextInt(80));
            }
        }
        write(folder.resolve(prefix + "-images-idx3-ubyte.gz"), images(count, pixels));
        write(folder.resolve(prefix + "-labels-idx1-ubyte.gz"), labels(labels));
    }

    static byte[] images(int count, byte[] pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x0803)
                .putInt(count)
                .putInt(SIDE)
                .putInt(SIDE)
                .put(pixels)
                .array();
    }

    static byte[] labels(byte[] labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x0801)
                .putInt(labels.length)
                .put(labels)
                .array();
    }

    /** Packs the content where the name ends in .gz. */
    static void write(Path file, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (file.toString().endsWith(".gz")) {
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write(content);
            }
        } else {
            bytes.write(content);
        }
        Files.write(file, bytes.toByteArray());
    }
}
