// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDatasetsTest {

    private static final int PIXELS = IdxFolder.SIDE * IdxFolder.SIDE;

    @TempDir Path folder;

    @BeforeEach
    void writeWholeFolder() {
        IdxFolder.write(folder, 20, 8);
    }

    @Test
    void shouldReadGzippedAndPlainFilesAlike() throws IOException {
        byte[] pixels = new byte[2 * PIXELS];
        pixels[PIXELS] = (byte) 255;
        Files.delete(folder.resolve("t10k-images-idx3-ubyte.gz"));
        IdxFolder.write(folder.resolve("t10k-images-idx3-ubyte"), IdxFolder.images(2, pixels));
        IdxFolder.write(
                folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxFolder.labels(new byte[] {3, 9}));

        Dataset dataset = FileDatasets.mnist(folder);

        assertThat(dataset.train().size()).isEqualTo(20);
        assertThat(dataset.test().size()).isEqualTo(2);
        assertThat(dataset.test().label(1)).isEqualTo(9);
        assertThat(dataset.shape()).isEqualTo(new ImageShape(1, 6, 6));
        float[] image = new float[PIXELS + 1];
        dataset.test().copyImage(1, dataset.normalisation(), image, 1);
        assertThat(image[1]).isCloseTo((1 - 0.1307f) / 0.3081f, within(1e-5f));
        assertThat(image[2]).isCloseTo(-0.1307f / 0.3081f, within(1e-5f));
    }

    @Test
    void shouldSayWhichFilesItLooksForWhenFolderHoldsNone(@TempDir Path empty) {
        refused(empty)
                .withMessageContaining(empty.toString())
                .withMessageContaining("Maybe")
                .withMessageContaining("train-images-idx3-ubyte")
                .withMessageContaining("t10k-labels-idx1-ubyte");
    }

    @Test
    void shouldNameFolderThatDoesNotExist() {
        refused(folder.resolve("absent")).withMessageContaining("absent does not exist");
    }

    @Test
    void shouldNameTheOneFileThatIsMissing() throws IOException {
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte.gz"));

        refused(folder).withMessageContaining("lacks t10k-labels-idx1-ubyte\n");
    }

    @Test
    void shouldNameOffsetWhereImagesEndTooEarly() throws IOException {
        byte[] whole = IdxFolder.images(20, new byte[20 * PIXELS]);
        replace("train-images-idx3-ubyte.gz", Arrays.copyOf(whole, 100));

        refused(folder)
                .withMessageContaining("train-images-idx3-ubyte.gz")
                .withMessageContaining("ends at offset 100")
                .withMessageContaining("720 bytes of values from offset 16 to 736");
    }

    @Test
    void shouldNameOffsetWhereGzipStreamIsCutOff() throws IOException {
        Path file = folder.resolve("train-images-idx3-ubyte.gz");
        byte[] packed = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(packed, packed.length / 2));

        refused(folder).withMessageContaining("truncated: ends at offset");
    }

    @Test
    void shouldRefuseFileThatIsCutInItsHeader() throws IOException {
        replace("train-labels-idx1-ubyte.gz", new byte[] {0, 0, 8, 1, 0});

        refused(folder)
                .withMessageContaining("ends at offset 5")
                .withMessageContaining("the size of dimension 0 (4 bytes) at offset 4");
    }

    @Test
    void shouldRecogniseImagesUnderTheNameOfLabels() throws IOException {
        replace("train-labels-idx1-ubyte.gz", IdxFolder.images(20, new byte[20 * PIXELS]));

        refused(folder)
                .withMessageContaining("magic number 0x00000803 at offset 0; expected 0x00000801")
                .withMessageContaining("Maybe this is an image file under the name of a label");
    }

    @Test
    void shouldRefuseWrongMagicNumber() throws IOException {
        replace("t10k-images-idx3-ubyte.gz", "no IDX at all".getBytes(StandardCharsets.US_ASCII));

        refused(folder).withMessageContaining("magic number 0x6e6f2049 at offset 0");
    }

    @Test
    void shouldRefuseGzipNameWithoutGzipData() throws IOException {
        Files.writeString(folder.resolve("t10k-images-idx3-ubyte.gz"), "plain text, no gzip");

        refused(folder).withMessageContaining("not gzip data");
    }

    @Test
    void shouldRefuseDataAfterTheEnd() throws IOException {
        replace("t10k-labels-idx1-ubyte.gz", Arrays.copyOf(IdxFolder.labels(new byte[8]), 17));

        refused(folder).withMessageContaining("data after offset 16");
    }

    @Test
    void shouldRefuseLabelThatIsNoClass() throws IOException {
        byte[] labels = new byte[8];
        labels[5] = 10;
        replace("t10k-labels-idx1-ubyte.gz", IdxFolder.labels(labels));

        refused(folder).withMessageContaining("label 10 at offset 13; expected 0 to 9");
    }

    @Test
    void shouldRefuseLabelsOfAnotherNumberOfImages() throws IOException {
        replace("t10k-labels-idx1-ubyte.gz", IdxFolder.labels(new byte[7]));

        refused(folder).withMessageContaining("7 labels at offset 4; expected 8");
    }

    @Test
    void shouldRefuseSizesThatPromiseTooMuchBeforeAllocating() throws IOException {
        byte[] header = IdxFolder.images(Integer.MAX_VALUE, new byte[PIXELS]);
        replace("train-images-idx3-ubyte.gz", header);

        refused(folder).withMessageContaining("more than 2 GiB");
    }

    private void replace(String name, byte[] content) throws IOException {
        IdxFolder.write(folder.resolve(name), content);
    }

    private static org.assertj.core.api.ThrowableAssertAlternative<UnusableDataException> refused(
            Path folder) {
        return assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.mnist(folder));
    }
}
