// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

    private static final ImageShape SHAPE = new ImageShape(2, 5, 12);

    @ParameterizedTest
    @CsvSource({"-4, 4", "-1, 1", "0, 0", "5, 5", "6, 4", "9, 1"})
    void shouldReflectWithoutRepeatingTheEdge(int position, int source) {
        assertThat(Placement.reflect(position, 5)).isEqualTo(source);
    }

    @Test
    void shouldCropEverywhereMirroredAndNot() {
        Placement placement = new Placement(SHAPE, PixelOrder.PLANAR);
        SplittableRandom random = new SplittableRandom(1);
        Set<List<Integer>> columns = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            placement.draw(random);
            columns.add(java.util.Arrays.stream(placement.columns()).boxed().toList());
        }

        assertThat(columns)
                .hasSize(18)
                .contains(
                        List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
                        List.of(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    }

    @Test
    void shouldWriteTheSamePixelsInBothOrders() {
        byte[] values = new byte[SHAPE.size()];
        new SplittableRandom(2).nextBytes(values);
        Split split = Split.ofBytes(SHAPE, values, new byte[1]);
        Normalisation normalisation = new Normalisation(List.of(0.5, 0.1), List.of(0.3, 2.0));
        Placement planar = new Placement(SHAPE, PixelOrder.PLANAR);
        Placement interleaved = new Placement(SHAPE, PixelOrder.INTERLEAVED);
        planar.draw(new SplittableRandom(3));
        interleaved.draw(new SplittableRandom(3));
        float[] byChannel = new float[SHAPE.size()];
        float[] byPixel = new float[SHAPE.size()];

        split.copyImage(0, normalisation, planar, byChannel, 0);
        split.copyImage(0, normalisation, interleaved, byPixel, 0);

        for (int pixel = 0; pixel < 60; pixel++) {
            for (int channel = 0; channel < 2; channel++) {
                assertThat(byPixel[2 * pixel + channel]).isEqualTo(byChannel[60 * channel + pixel]);
            }
        }
        int source = planar.rows()[0] * 12 + planar.columns()[0];
        assertThat(byChannel[0]).isEqualTo(normalisation.apply(0, (values[source] & 0xff) / 255f));
    }
}
