// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.nio.file.Path;
import java.util.List;

/** The data sets that are read from a folder of the user's, in the format of their authors. */
public final class FileDatasets {

    public static final String MNIST = "mnist";
    public static final String FASHION_MNIST = "fashion-mnist";
    public static final String CIFAR10 = "cifar10";
    public static final String CIFAR100 = "cifar100";
    public static final String IMAGE_FOLDER = "image-folder";

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
        return CifarReader.ofTenClasses()
                .read(CIFAR10, normalisation, folder)
                .with(Augmentation.FLIP_AND_CROP);
    }

    public static Dataset cifar100(Path folder) {
        Normalisation normalisation =
                new Normalisation(List.of(0.5071, 0.4865, 0.4409), List.of(0.2673, 0.2564, 0.2762));
        return CifarReader.ofHundredClasses()
                .read(CIFAR100, normalisation, folder)
                .with(Augmentation.FLIP_AND_CROP);
    }

    /** Images in folders, one per class; see the README for the layout. */
    public static Dataset imageFolder(Path folder) {
        return ImageFolderReader.read(IMAGE_FOLDER, folder);
    }

    private static Normalisation grey(double mean, double deviation) {
        return new Normalisation(List.of(mean), List.of(deviation));
    }
}
