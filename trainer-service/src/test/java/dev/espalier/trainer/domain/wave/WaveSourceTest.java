// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.Split;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaveSourceTest {

    /** Of the first 50 samples of seed 0. */
    private static final int GOLDEN = -1037096556;

    private static final int SIZE = WaveSource.CELLS * WaveSource.CELLS;

    @Test
    void shouldGiveSameSamplesSequentiallyAndInParallel() {
        WaveSource source = new WaveSource(5);

        int parallel = hash(source.split(0, 300, true));

        assertThat(parallel).isEqualTo(hash(source.split(0, 300, false)));
        assertThat(parallel).isNotEqualTo(hash(new WaveSource(6).split(0, 300, true)));
    }

    /** Changes when the data set does, on any machine: then published numbers change as well. */
    @Test
    void shouldGiveTheSameBitsEverywhere() {
        assertThat(hash(new WaveSource(0).split(0, 50, false))).isEqualTo(GOLDEN);
    }

    @Test
    void shouldNotDependOnTheNumberOfSamples() {
        Split few = new WaveSource(1).generate(3, 2).test();
        Split many = new WaveSource(1).generate(40, 20).test();

        assertThat(image(few, 1)).isEqualTo(image(many, 1));
        assertThat(few.label(1)).isEqualTo(many.label(1));
    }

    @Test
    void shouldHaveNineClassesAndNormalisedValues() {
        Dataset dataset = new WaveSource(2).generate(900, 1);
        int[] counts = new int[WaveSource.CLASSES];
        double sum = 0;
        double squares = 0;
        float[] image = new float[SIZE];
        for (int i = 0; i < 900; i++) {
            counts[dataset.train().label(i)]++;
            dataset.train().copyImage(i, dataset.normalisation(), image, 0);
            for (float value : image) {
                sum += value;
                squares += (double) value * value;
            }
        }

        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(60, 140));
        assertThat(sum / 900 / SIZE).isBetween(-0.05, 0.05);
        assertThat(Math.sqrt(squares / 900 / SIZE)).isBetween(0.9, 1.1);
    }

    private static int hash(Split split) {
        int hash = 1;
        for (int i = 0; i < split.size(); i++) {
            hash = 31 * hash + Arrays.hashCode(image(split, i));
            hash = 31 * hash + split.label(i);
        }
        return hash;
    }

    private static float[] image(Split split, int index) {
        float[] image = new float[SIZE];
        split.copyImage(index, new Normalisation(List.of(0.0), List.of(1.0)), image, 0);
        return image;
    }
}
