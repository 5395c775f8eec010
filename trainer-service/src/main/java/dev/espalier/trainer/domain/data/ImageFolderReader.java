// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from {@code train/CLASS/*}, {@code val/CLASS/*} (may be absent) and {@code
 * test/CLASS/*}. The classes are the folders of {@code train} in the order of their names. All
 * images have the size of the first one, and three channels if that one has.
 */
final class ImageFolderReader {

    private static final int MOST_CLASSES = 256;

    private ImageFolderReader() {}

    private record Labelled(Path file, int label) {}

    static Dataset read(String name, Path folder) {
        DataFolder.check(name, folder, List.of("train", "test"), "folders", Files::isDirectory);
        List<String> classes = names(folder.resolve("train"));
        if (classes.size() < 2 || classes.size() > MOST_CLASSES) {
            throw new UnusableDataException(
                    "%s: %d classes in %s; expected 2 to %d folders, one per class"
                            .formatted(
                                    name, classes.size(), folder.resolve("train"), MOST_CLASSES));
        }
        List<Labelled> training = list(folder.resolve("train"), classes);
        if (training.isEmpty()) {
            throw new UnusableDataException(
                    "%s: no images in %s".formatted(name, folder.resolve("train")));
        }
        ImageShape shape = DecodedImage.read(training.getFirst().file()).shape();
        Split train = read(training, shape);
        Path val = folder.resolve("val");
        Split validation = Files.isDirectory(val) ? read(list(val, classes), shape) : null;
        Split test = read(list(folder.resolve("test"), classes), shape);
        Normalisation normalisation = Normalisation.measured(train);
        return new Dataset(
                name,
                classes.size(),
                normalisation,
                train,
                emptyAsAbsent(validation),
                test,
                Augmentation.NONE);
    }

    private static @Nullable Split emptyAsAbsent(@Nullable Split split) {
        return split == null || split.size() == 0 ? null : split;
    }

    private static Split read(List<Labelled> images, ImageShape shape) {
        long size = (long) images.size() * shape.size();
        if (size > Integer.MAX_VALUE - 16) {
            throw new UnusableDataException(
                    "%s and its neighbours: %d images of %s make more than 2 GiB; expected less"
                            .formatted(images.getFirst().file(), images.size(), shape));
        }
        byte[] values = new byte[(int) size];
        byte[] labels = new byte[images.size()];
        for (int i = 0; i < labels.length; i++) {
            Labelled image = images.get(i);
            labels[i] = (byte) image.label();
            DecodedImage.read(image.file()).copy(image.file(), shape, values, i * shape.size());
        }
        return Split.ofBytes(shape, values, labels);
    }

    private static List<Labelled> list(Path part, List<String> classes) {
        for (String found : names(part)) {
            if (!classes.contains(found)) {
                throw new UnusableDataException(
                        "%s: no class of that name in train\nMaybe it is misspelt; there are: %s."
                                .formatted(part.resolve(found), String.join(", ", classes)));
            }
        }
        List<Labelled> images = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            Path folder = part.resolve(classes.get(label));
            if (Files.isDirectory(folder)) {
                for (Path file : children(folder)) {
                    images.add(new Labelled(file, label));
                }
            }
        }
        return images;
    }

    private static List<String> names(Path part) {
        return children(part).stream()
                .filter(Files::isDirectory)
                .map(child -> child.getFileName().toString())
                .toList();
    }

    /** In the order of their names; hidden files are none. */
    private static List<Path> children(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UnusableDataException("%s: %s".formatted(folder, e), e);
        }
    }
}
