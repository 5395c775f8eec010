// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the binary layouts of CIFAR: records of one or two label bytes, of which the last counts,
 * and 3072 bytes of a 3×32×32 image, by channel, then row.
 */
final class CifarReader {

    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    private final int classes;
    private final int labelBytes;
    private final int record;
    private final List<String> train;
    private final String test;

    private CifarReader(int classes, int labelBytes, List<String> train, String test) {
        this.classes = classes;
        this.labelBytes = labelBytes;
        this.record = labelBytes + SHAPE.size();
        this.train = train;
        this.test = test;
    }

    static CifarReader ofTenClasses() {
        List<String> train =
                IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList();
        return new CifarReader(10, 1, train, "test_batch.bin");
    }

    /** A coarse label of 20 comes first, and is not used. */
    static CifarReader ofHundredClasses() {
        return new CifarReader(100, 2, List.of("train.bin"), "test.bin");
    }

    Dataset read(String name, Normalisation normalisation, Path folder) {
        List<String> names = Stream.concat(train.stream(), Stream.of(test)).toList();
        DataFolder.check(name, folder, names, "the binary version", Files::isRegularFile);
        return new Dataset(
                name,
                classes,
                normalisation,
                readSplit(folder, train),
                readSplit(folder, List.of(test)));
    }

    private Split readSplit(Path folder, List<String> names) {
        int records = 0;
        for (String name : names) {
            records += countRecords(folder.resolve(name));
        }
        byte[] values = new byte[Math.multiplyExact(records, SHAPE.size())];
        byte[] labels = new byte[records];
        int next = 0;
        for (String name : names) {
            Path file = folder.resolve(name);
            byte[] bytes = readAll(file);
            for (int at = 0; at < bytes.length; at += record, next++) {
                int labelAt = at + labelBytes - 1;
                if ((bytes[labelAt] & 0xff) >= classes) {
                    throw new UnusableDataException(
                            "%s: label %d at offset %d; expected 0 to %d"
                                    .formatted(file, bytes[labelAt] & 0xff, labelAt, classes - 1));
                }
                labels[next] = bytes[labelAt];
                System.arraycopy(bytes, at + labelBytes, values, next * SHAPE.size(), SHAPE.size());
            }
        }
        return Split.ofBytes(SHAPE, values, labels);
    }

    private int countRecords(Path file) {
        long size;
        try {
            size = Files.size(file);
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
        if (size == 0 || size % record != 0 || size > Integer.MAX_VALUE - 16) {
            throw new UnusableDataException(
                    "%s: ends at offset %d; expected whole records of %d bytes, the last one from offset %d on is cut off"
                            .formatted(file, size, record, size / record * record));
        }
        return (int) (size / record);
    }

    private static byte[] readAll(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(file, e), e);
        }
    }
}
