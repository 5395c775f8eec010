// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.nio.file.Path;
import java.util.List;

/** The data sets that are read from a folder of the user's, in the format of their authors. */
public final class FileDatasets {

    public static final String MNIST = "mnist";
    public static final String FASHION_MNIST = "fashion-mnist";
    public static final String CIFAR10 = "cifar10";

    private static final int CLASSES = 10;

    private FileDatasets() {}

    public static Dataset mnist(Path folder) {
        return IdxReader.read(MNIST, CLASSES, grey(0.1307, 0.3081), folder);
    }

    public static Dataset fashionMnist(Path folder) {
        return IdxReader.read(FASHION_MNIST, CLASSES, grey(0.2860, 0.3530), folder);
    }

    public static Dataset cifar10(Path folder) {
        Normalisation normalisation =
                new Normalisation(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));
        return CifarReader.read(CIFAR10, normalisation, folder);
    }

    private static Normalisation grey(double mean, double deviation) {
        return new Normalisation(List.of(mean), List.of(deviation));
    }
}
