// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderReaderTest {

    @TempDir Path folder;

    @BeforeEach
    void writeWholeFolder() throws IOException {
        image("train/cat/1.png", 8, 0xff0000);
        image("train/cat/2.png", 8, 0x00ff00);
        image("train/dog/1.png", 8, 0x0000ff);
        image("train/dog/2.png", 8, 0x0000ff);
        image("val/dog/3.png", 8, 0x0000ff);
        image("test/cat/4.png", 8, 0x80ff00);
    }

    @Test
    void shouldReadClassesAndPartsAndMeasureTheNormalisation() {
        Dataset dataset = FileDatasets.imageFolder(folder);

        assertThat(dataset.classes()).isEqualTo(2);
        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 8, 9));
        assertThat(dataset.train().size()).isEqualTo(4);
        assertThat(dataset.train().label(2)).isEqualTo(1);
        assertThat(dataset.validation()).isNotNull();
        assertThat(dataset.validation().label(0)).isEqualTo(1);
        float[] image = new float[3 * 72];
        dataset.test().copyImage(0, dataset.normalisation(), image, 0);
        double deviation = Math.sqrt(0.25 * 0.75);
        assertThat((double) image[0]).isCloseTo((128 / 255.0 - 0.25) / deviation, within(1e-5));
        assertThat((double) image[144]).isCloseTo(-0.5 / 0.5, within(1e-5));
    }

    @Test
    void shouldNameFileAndOffsetOfABrokenImage() throws IOException {
        Path broken = folder.resolve("train/dog/2.png");
        byte[] bytes = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));

        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.imageFolder(folder))
                .withMessageContaining("2.png: cannot be decoded at offset")
                .withMessageContaining("dog");
    }

    @Test
    void shouldTakeATruncatedJpegForBrokenThoughItsDecoderOnlyWarns() throws IOException {
        Path file = folder.resolve("train/dog/5.jpg");
        ImageIO.write(new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB), "jpg", file.toFile());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));

        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.imageFolder(folder))
                .withMessageContaining("5.jpg: cannot be decoded at offset");
    }

    @Test
    void shouldNameFilesThatAreNoImagesOrOfAnotherSize() throws IOException {
        Path text = folder.resolve("test/cat/notes.txt");
        Files.writeString(text, "no image");
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.imageFolder(folder))
                .withMessageContaining("notes.txt: cannot be decoded at offset 0");

        Files.delete(text);
        image("test/cat/big.png", 16, 0);
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.imageFolder(folder))
                .withMessageContaining("big.png: image of 16×9");
    }

    @Test
    void shouldNameClassesThatTrainingDoesNotHave() throws IOException {
        image("test/cow/1.png", 8, 0);

        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.imageFolder(folder))
                .withMessageContaining("cow: no class of that name in train");
    }

    @Test
    void shouldHoldOutADifferentShareForEachSeed() {
        byte[] labels = new byte[100];
        for (int i = 0; i < 100; i++) {
            labels[i] = (byte) i;
        }
        ImageShape pixel = new ImageShape(1, 1, 1);
        Split all = Split.ofBytes(pixel, new byte[100], labels);
        Dataset dataset =
                new Dataset(
                        "d",
                        100,
                        new Normalisation(java.util.List.of(0.0), java.util.List.of(1.0)),
                        all,
                        all);

        Dataset held = dataset.holdOut(0.1, 1);

        assertThat(held.train().size()).isEqualTo(90);
        assertThat(labels(held.validation())).hasSize(10).doesNotContainAnyElementsOf(boxed(held));
        assertThat(labels(dataset.holdOut(0.1, 1).validation()))
                .isEqualTo(labels(held.validation()));
        assertThat(labels(dataset.holdOut(0.1, 2).validation()))
                .isNotEqualTo(labels(held.validation()));
    }

    private static java.util.List<Integer> boxed(Dataset dataset) {
        return labels(dataset.train());
    }

    private static java.util.List<Integer> labels(Split split) {
        return java.util.stream.IntStream.range(0, split.size()).mapToObj(split::label).toList();
    }

    private void image(String name, int height, int rgb) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(9, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < 9; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        ImageIO.write(image, "png", file.toFile());
    }
}
