// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.simulation.check.Violation;
import dev.espalier.simulation.service.Mutation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant 3 in the whole loop: each stored snapshot is compared with the mask it trained under.
 */
final class PrunedWeightsTest {

    private static final long SEEDS = 8;

    @TempDir private Path folder;

    @Test
    void invariant3ShouldKeepPrunedWeightsAtZeroInEverySnapshot() throws IOException {
        assertThat(violationsOfInvariant3(Mutation.NONE)).isEmpty();
    }

    @Test
    void invariant3ShouldBeViolatedByATrainerThatDoesNotHoldTheMask() throws IOException {
        assertThat(violationsOfInvariant3(Mutation.MASK_NOT_HELD))
                .isNotEmpty()
                .allMatch(violation -> violation.what().contains("is pruned and is"));
    }

    private List<Violation> violationsOfInvariant3(Mutation mutation) throws IOException {
        Laboratory laboratory = new Laboratory(folder);
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> laboratory.run(seed, mutation, line -> {}))
                .flatMap(result -> result.violations().stream())
                .filter(violation -> violation.invariant() == 3)
                .toList();
    }
}
