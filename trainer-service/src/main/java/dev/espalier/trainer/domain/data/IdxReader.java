// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a folder in the layout of MNIST and Fashion-MNIST: four IDX files, gzipped or plain. */
final class IdxReader {

    private static final List<String> NAMES =
            List.of(
                    "train-images-idx3-ubyte",
                    "train-labels-idx1-ubyte",
                    "t10k-images-idx3-ubyte",
                    "t10k-labels-idx1-ubyte");

    private IdxReader() {}

    static Dataset read(String name, int classes, Normalisation normalisation, Path folder) {
        DataFolder.check(name, folder, NAMES, "each plain or with .gz", IdxReader::isPresent);
        Split train = readSplit(classes, find(folder, NAMES.get(0)), find(folder, NAMES.get(1)));
        Split test = readSplit(classes, find(folder, NAMES.get(2)), find(folder, NAMES.get(3)));
        return new Dataset(name, classes, normalisation, train, test);
    }

    private static boolean isPresent(Path file) {
        return Files.isRegularFile(file) || Files.isRegularFile(gzipped(file));
    }

    private static Path find(Path folder, String name) {
        Path plain = folder.resolve(name);
        return Files.isRegularFile(plain) ? plain : gzipped(plain);
    }

    private static Path gzipped(Path file) {
        return file.resolveSibling(file.getFileName() + ".gz");
    }

    private static Split readSplit(int classes, Path imageFile, Path labelFile) {
        IdxFile labels = IdxFile.read(labelFile, IdxFile.LABELS);
        IdxFile images = IdxFile.read(imageFile, IdxFile.IMAGES);
        if (images.size(0) != labels.size(0)) {
            throw new UnusableDataException(
                    "%s: %d labels at offset 4; expected %d, the number of images of %s"
                            .formatted(labelFile, labels.size(0), images.size(0), imageFile));
        }
        byte[] values = labels.values();
        for (int i = 0; i < values.length; i++) {
            if ((values[i] & 0xff) >= classes) {
                throw new UnusableDataException(
                        "%s: label %d at offset %d; expected 0 to %d"
                                .formatted(labelFile, values[i] & 0xff, 8 + i, classes - 1));
            }
        }
        ImageShape shape = new ImageShape(1, images.size(1), images.size(2));
        return Split.ofBytes(shape, images.values(), values);
    }
}
