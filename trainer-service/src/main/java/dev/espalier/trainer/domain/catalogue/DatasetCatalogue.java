// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.catalogue;

import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.trainer.domain.data.Augmentation;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.FileDatasets;
import dev.espalier.trainer.domain.data.UnusableDataException;
import dev.espalier.trainer.domain.wave.WaveSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Finds the data set that a run names. */
public final class DatasetCatalogue {

    /** Names of all data sets. */
    public static final List<String> NAMES =
            List.of(
                    WaveSource.NAME,
                    FileDatasets.MNIST,
                    FileDatasets.FASHION_MNIST,
                    FileDatasets.CIFAR10,
                    FileDatasets.CIFAR100,
                    FileDatasets.IMAGE_FOLDER);

    private static final int WAVE_TRAIN_SAMPLES = 6000;
    private static final int WAVE_TEST_SAMPLES = 1500;

    /**
     * Reads or generates a data set.
     *
     * @param seed of generated data and of the choice of what is held out
     * @throws UnusableDataException when the name is unknown or the files are not what they should
     *     be
     */
    public Dataset load(DatasetSpec spec, long seed) {
        Dataset dataset = read(spec, seed);
        Boolean augment = spec.augment();
        if (augment != null) {
            dataset = dataset.with(augment ? Augmentation.FLIP_AND_CROP : Augmentation.NONE);
        }
        Double validation = spec.validation();
        return validation == null ? dataset : dataset.holdOut(validation, seed);
    }

    private static Dataset read(DatasetSpec spec, long seed) {
        return switch (spec.name()) {
            case WaveSource.NAME ->
                    new WaveSource(seed).generate(WAVE_TRAIN_SAMPLES, WAVE_TEST_SAMPLES);
            case FileDatasets.MNIST -> FileDatasets.mnist(folder(spec));
            case FileDatasets.FASHION_MNIST -> FileDatasets.fashionMnist(folder(spec));
            case FileDatasets.CIFAR10 -> FileDatasets.cifar10(folder(spec));
            case FileDatasets.CIFAR100 -> FileDatasets.cifar100(folder(spec));
            case FileDatasets.IMAGE_FOLDER -> FileDatasets.imageFolder(folder(spec));
            default ->
                    throw new UnusableDataException(
                            "Unknown dataset '%s'\nMaybe one of: %s."
                                    .formatted(spec.name(), String.join(", ", NAMES)));
        };
    }

    private static Path folder(DatasetSpec spec) {
        String dir = spec.dir();
        if (dir == null) {
            throw new UnusableDataException(
                    "Dataset '%s' is read from files, and the run names no folder\nMaybe add the folder as dataset.dir, or --data-dir on the command line."
                            .formatted(spec.name()));
        }
        try {
            return Path.of(dir);
        } catch (InvalidPathException e) {
            throw new UnusableDataException(
                    "Dataset '%s': '%s' is no path".formatted(spec.name(), dir), e);
        }
    }
}
