// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SideBySideTest {

    @Test
    void shouldCompareEachCaseWithThePlainRead() throws IOException {
        try (SideBySide sideBySide = new SideBySide(50_000);
                Arena arena = Arena.ofShared()) {
            assertThat(sideBySide.report(1, Optional.empty(), arena))
                    .contains("| plain read, F32, 2 threads |", "100 %", "mapped", "scalar kernel");
        }
    }

    @Test
    void shouldPruneAFifthOfAMappedFile() throws IOException {
        try (SideBySide sideBySide = new SideBySide(50_000);
                Arena arena = Arena.ofShared()) {
            assertThat(sideBySide.selection(1, Optional.empty(), arena))
                    .contains("| a fifth goes, F32, 2 threads |", "| a fifth goes, BF16 |");
        }
    }
}
