// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Images of 4 × 4 pixels and ten classes in the layout of MNIST, for the trainer's own reader. */
final class TinyImages {

    private static final int SIDE = 4;
    private static final int CLASSES = 10;
    private static final int TRAIN = 20;
    private static final int TEST = 20;

    private TinyImages() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        var random = new SplittableRandom(7);
        byte[] prototypes = new byte[CLASSES * SIDE * SIDE];
        random.nextBytes(prototypes);
        write(folder, "train", TRAIN, prototypes, random);
        write(folder, "t10k", TEST, prototypes, random);
    }

    private static void write(
            Path folder, String part, int count, byte[] prototypes, SplittableRandom random)
            throws IOException {
        int size = SIDE * SIDE;
        ByteBuffer images = ByteBuffer.allocate(16 + count * size);
        ByteBuffer labels = ByteBuffer.allocate(8 + count);
        images.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
        labels.putInt(0x801).putInt(count);
        for (int i = 0; i < count; i++) {
            int label = i % CLASSES;
            labels.put((byte) label);
            for (int j = 0; j < size; j++) {
                int value = (prototypes[label * size + j] & 0xff) + random.nextInt(-60, 61);
                images.put((byte) Math.clamp(value, 0, 255));
            }
        }
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
}
