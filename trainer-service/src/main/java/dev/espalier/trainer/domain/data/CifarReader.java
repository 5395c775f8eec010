// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads CIFAR-10's binary layout: records of one label byte and 3072 bytes of a 3×32×32 image, by
 * channel, then row.
 */
final class CifarReader {

    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);
    private static final int RECORD = 1 + SHAPE.size();
    private static final int CLASSES = 10;
    private static final List<String> TRAIN =
            List.of(
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin");
    private static final List<String> TEST = List.of("test_batch.bin");

    private CifarReader() {}

    static Dataset read(String name, Normalisation normalisation, Path folder) {
        List<String> names =
                List.of(
                        TRAIN.get(0),
                        TRAIN.get(1),
                        TRAIN.get(2),
                        TRAIN.get(3),
                        TRAIN.get(4),
                        TEST.get(0));
        DataFolder.check(name, folder, names, "the binary version", Files::isRegularFile);
        return new Dataset(
                name, CLASSES, normalisation, readSplit(folder, TRAIN), readSplit(folder, TEST));
    }

    private static Split readSplit(Path folder, List<String> names) {
        int records = 0;
        for (String name : names) {
            records += countRecords(folder.resolve(name));
        }
        byte[] values = new byte[Math.multiplyExact(records, SHAPE.size())];
        byte[] labels = new byte[records];
        int record = 0;
        for (String name : names) {
            Path file = folder.resolve(name);
            byte[] bytes = readAll(file);
            for (int at = 0; at < bytes.length; at += RECORD, record++) {
                if ((bytes[at] & 0xff) >= CLASSES) {
                    throw new UnusableDataException(
                            "%s: label %d at offset %d; expected 0 to %d"
                                    .formatted(file, bytes[at] & 0xff, at, CLASSES - 1));
                }
                labels[record] = bytes[at];
                System.arraycopy(bytes, at + 1, values, record * SHAPE.size(), SHAPE.size());
            }
        }
        return Split.ofBytes(SHAPE, values, labels);
    }

    private static int countRecords(Path file) {
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
        if (size == 0 || size % RECORD != 0 || size > Integer.MAX_VALUE - 16) {
            throw new UnusableDataException(
                    "%s: ends at offset %d; expected whole records of %d bytes, the last one from offset %d on is cut off"
                            .formatted(file, size, RECORD, size / RECORD * RECORD));
        }
        return (int) (size / RECORD);
    }

    private static byte[] readAll(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
    }
}
