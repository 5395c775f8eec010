// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {

    private static final int RECORD = 3073;

    @TempDir Path folder;

    @BeforeEach
    void writeWholeFolder() throws IOException {
        for (int batch = 1; batch <= 5; batch++) {
            byte[] records = new byte[2 * RECORD];
            records[0] = (byte) batch;
            records[RECORD] = 9;
            Files.write(folder.resolve("data_batch_" + batch + ".bin"), records);
        }
        byte[] test = new byte[RECORD];
        test[0] = 7;
        test[1 + 1024] = (byte) 255;
        Files.write(folder.resolve("test_batch.bin"), test);
    }

    @Test
    void shouldReadBatchesInOrder() {
        Dataset dataset = FileDatasets.cifar10(folder);

        assertThat(dataset.train().size()).isEqualTo(10);
        assertThat(dataset.train().label(4)).isEqualTo(3);
        assertThat(dataset.train().label(5)).isEqualTo(9);
        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 32, 32));
        float[] image = new float[3072];
        dataset.test().copyImage(0, dataset.normalisation(), image, 0);
        assertThat(image[1024]).isCloseTo((1 - 0.4822f) / 0.2435f, within(1e-5f));
    }

    @Test
    void shouldTakeTheFineOfTwoLabels() throws IOException {
        byte[] train = new byte[2 * 3074];
        train[0] = 19;
        train[1] = 99;
        Files.write(folder.resolve("train.bin"), train);
        Files.write(folder.resolve("test.bin"), new byte[3074]);

        Dataset dataset = FileDatasets.cifar100(folder);

        assertThat(dataset.classes()).isEqualTo(100);
        assertThat(dataset.train().label(0)).isEqualTo(99);
        train[3075] = 100;
        Files.write(folder.resolve("train.bin"), train);
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.cifar100(folder))
                .withMessageContaining("train.bin: label 100 at offset 3075; expected 0 to 99");
    }

    @Test
    void shouldNameOffsetOfRecordThatIsCutOff() throws IOException {
        Files.write(folder.resolve("data_batch_3.bin"), new byte[2 * RECORD + 5]);

        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.cifar10(folder))
                .withMessageContaining("data_batch_3.bin: ends at offset 6151")
                .withMessageContaining("the last one from offset 6146 on");
    }

    @Test
    void shouldNameOffsetOfLabelThatIsNoClass() throws IOException {
        byte[] records = new byte[2 * RECORD];
        records[RECORD] = 11;
        Files.write(folder.resolve("data_batch_2.bin"), records);

        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.cifar10(folder))
                .withMessageContaining("data_batch_2.bin: label 11 at offset 3073");
    }

    @Test
    void shouldSayWhichFilesItLooksForWhenFolderHoldsNone(@TempDir Path empty) {
        assertThatExceptionOfType(UnusableDataException.class)
                .isThrownBy(() -> FileDatasets.cifar10(empty))
                .withMessageContaining("looked for data_batch_1.bin");
    }
}
