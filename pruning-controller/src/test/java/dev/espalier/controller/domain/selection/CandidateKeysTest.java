// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.ScalarKernel;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.schemas.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CandidateKeysTest {

    private static final int WORDS = Tile.LENGTH / Long.SIZE;

    private final Tile tile = Tile.of(KeyType.F32, new ScalarKernel());
    private final CandidateKeys candidates = new CandidateKeys();

    CandidateKeysTest() {
        // The keys are 0, 1, 2 …
        tile.load(
                MemorySegment.ofArray(IntStream.range(0, Tile.LENGTH).toArray()),
                0,
                DType.F32,
                Tile.LENGTH);
    }

    @Test
    void shouldCountTheKeysOfAnIntervalAmongThoseItTook() {
        candidates.begin(true);
        candidates.add(tile, 0, 0b1011);
        candidates.add(tile, 2, -1L);

        long[] bins = new long[4];
        candidates.count(new Interval(2, 6, 3), bins);

        assertThat(candidates.complete()).isTrue();
        assertThat(bins).containsExactly(1, 2, 62, 0);
    }

    @Test
    void shouldNotBeCompleteAfterMoreThanItHasRoomFor() {
        candidates.begin(true);
        for (int taken = 0; taken < CandidateKeys.MOST; taken += Long.SIZE) {
            assertThat(candidates.complete()).as("%d keys", taken).isTrue();
            candidates.add(tile, taken / Long.SIZE % WORDS, -1L);
        }
        assertThat(candidates.complete()).isTrue();

        candidates.add(tile, 0, 1L);
        candidates.add(tile, 1, -1L);
        candidates.add(tile, 2, -1L);

        assertThat(candidates.complete()).isFalse();
    }

    @Test
    void shouldForgetWhatItHadAndTakeNothingUnwanted() {
        candidates.begin(true);
        candidates.add(tile, 0, -1L);
        candidates.begin(false);
        candidates.add(tile, 0, -1L);

        long[] bins = new long[1];
        candidates.count(new Interval(0, 6, 1), bins);

        assertThat(candidates.complete()).isFalse();
        assertThat(bins).containsExactly(0);
    }
}
