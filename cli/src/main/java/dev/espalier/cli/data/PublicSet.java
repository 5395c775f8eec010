// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.data;

import dev.espalier.cli.CliException;
import java.net.URI;
import java.util.List;

/**
 * A data set that its authors offer for download.
 *
 * @param name as in a run's {@code dataset.name}
 * @param home that the names of the files are relative to; ends in a slash
 * @param unpacked what is taken out of the one archive, without its folders; empty where the files
 *     are used as they are
 */
public record PublicSet(String name, URI home, List<PublicFile> files, List<String> unpacked) {

    /**
     * @param md5 as the authors publish it: it finds damage, not malice
     */
    public record PublicFile(String name, long sizeBytes, String md5) {}

    private static final URI TORONTO = URI.create("https://www.cs.toronto.edu/~kriz/");

    /** All that are known. */
    public static final List<PublicSet> ALL =
            List.of(
                    idx(
                            "mnist",
                            "https://ossci-datasets.s3.amazonaws.com/mnist/",
                            new PublicFile(
                                    "train-images-idx3-ubyte.gz",
                                    9_912_422,
                                    "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                            new PublicFile(
                                    "train-labels-idx1-ubyte.gz",
                                    28_881,
                                    "d53e105ee54ea40749a09fcbcd1e9432"),
                            new PublicFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    1_648_877,
                                    "9fb629c4189551a2d022fa330f9573f3"),
                            new PublicFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    4_542,
                                    "ec29112dd5afa0611ce80d1b7f02629c")),
                    idx(
                            "fashion-mnist",
                            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                            new PublicFile(
                                    "train-images-idx3-ubyte.gz",
                                    26_421_880,
                                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                            new PublicFile(
                                    "train-labels-idx1-ubyte.gz",
                                    29_515,
                                    "25c81989df183df01b3e8a0aad5dffbe"),
                            new PublicFile(
                                    "t10k-images-idx3-ubyte.gz",
                                    4_422_102,
                                    "bef4ecab320f06d8554ea6380940ec79"),
                            new PublicFile(
                                    "t10k-labels-idx1-ubyte.gz",
                                    5_148,
                                    "bb300cfdad3c16e7a12a480ee83cd310")),
                    new PublicSet(
                            "cifar10",
                            TORONTO,
                            List.of(
                                    new PublicFile(
                                            "cifar-10-binary.tar.gz",
                                            170_052_171,
                                            "c32a1d4ab5d03f1284b67883e8d87530")),
                            List.of(
                                    "data_batch_1.bin",
                                    "data_batch_2.bin",
                                    "data_batch_3.bin",
                                    "data_batch_4.bin",
                                    "data_batch_5.bin",
                                    "test_batch.bin")),
                    new PublicSet(
                            "cifar100",
                            TORONTO,
                            List.of(
                                    new PublicFile(
                                            "cifar-100-binary.tar.gz",
                                            168_513_733,
                                            "03b5dce01913d631647c71ecec9e9cb8")),
                            List.of("train.bin", "test.bin")));

    public PublicSet {
        files = List.copyOf(files);
        unpacked = List.copyOf(unpacked);
        if (!unpacked.isEmpty() && files.size() != 1) {
            throw new IllegalArgumentException(
                    "%s is unpacked from %d files, not from one".formatted(name, files.size()));
        }
    }

    private static PublicSet idx(String name, String home, PublicFile... files) {
        return new PublicSet(name, URI.create(home), List.of(files), List.of());
    }

    public static PublicSet named(String name) {
        return ALL.stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                CliException.badInput(
                                        "no public home of a data set '%s' is known\nMaybe one of: %s."
                                                .formatted(
                                                        name,
                                                        String.join(
                                                                ", ",
                                                                ALL.stream()
                                                                        .map(PublicSet::name)
                                                                        .toList()))));
    }

    /** The same from another place, such as a mirror: the checksums stay. */
    public PublicSet from(URI other) {
        String base = other.toString();
        return new PublicSet(
                name, base.endsWith("/") ? other : URI.create(base + "/"), files, unpacked);
    }
}
