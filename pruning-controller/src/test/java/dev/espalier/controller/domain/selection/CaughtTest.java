// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CaughtTest {

    private static final int WORDS = Tile.LENGTH / Long.SIZE;

    private final Tile tile = Tile.of(KeyType.F32, new ScalarKernel());
    private final Caught caught = new Caught();

    CaughtTest() {
        // The keys are 0, 1, 2 …
        tile.load(
                MemorySegment.ofArray(IntStream.range(0, Tile.LENGTH).toArray()),
                0,
                DType.F32,
                Tile.LENGTH);
    }

    @Test
    void shouldCountTheKeysOfAnIntervalAmongThoseItTook() {
        caught.begin(true);
        caught.add(tile, 0, 0b1011);
        caught.add(tile, 2, -1L);

        long[] bins = new long[4];
        caught.count(new Interval(2, 6, 3), bins);

        assertThat(caught.complete()).isTrue();
        assertThat(bins).containsExactly(1, 2, 62, 0);
    }

    @Test
    void shouldNotBeCompleteAfterMoreThanItHasRoomFor() {
        caught.begin(true);
        for (int taken = 0; taken < Caught.MOST; taken += Long.SIZE) {
            assertThat(caught.complete()).as("%d keys", taken).isTrue();
            caught.add(tile, taken / Long.SIZE % WORDS, -1L);
        }
        assertThat(caught.complete()).isTrue();

        caught.add(tile, 0, 1L);
        caught.add(tile, 1, -1L);
        caught.add(tile, 2, -1L);

        assertThat(caught.complete()).isFalse();
    }

    @Test
    void shouldForgetWhatItHadAndTakeNothingUnwanted() {
        caught.begin(true);
        caught.add(tile, 0, -1L);
        caught.begin(false);
        caught.add(tile, 0, -1L);

        long[] bins = new long[1];
        caught.count(new Interval(0, 6, 1), bins);

        assertThat(caught.complete()).isFalse();
        assertThat(bins).containsExactly(0);
    }
}
