// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.simulation.Laboratory.Result;
import dev.espalier.simulation.check.Violation;
import dev.espalier.simulation.service.Mutation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {

    private static final long SEEDS = 40;
    private static final long ENOUGH = 200;

    @TempDir private static Path folder;
    private static Laboratory laboratory;

    @BeforeAll
    static void prepare() throws IOException {
        laboratory = new Laboratory(folder);
    }

    @Test
    void shouldKeepEveryInvariantUnderEverySeed() {
        List<String> failures =
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .mapToObj(seed -> laboratory.run(seed, Mutation.NONE, line -> {}))
                        .filter(result -> !result.violations().isEmpty())
                        .map(SimulationTest::advice)
                        .toList();

        assertThat(failures).isEmpty();
    }

    @Test
    void shouldTakeTheSameStepsForTheSameSeed() {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();

        laboratory.run(SEEDS + 1, Mutation.NONE, first::add);
        laboratory.run(SEEDS + 1, Mutation.NONE, second::add);

        assertThat(second).hasSizeGreaterThan(100).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(names = {"EVENT_BEFORE_OBJECT", "MALFORMED_SKIPPED", "MASK_NOT_HELD"})
    void shouldFindSoonWhatIsWrongOnPurpose(Mutation mutation) {
        Optional<Result> finder =
                LongStream.rangeClosed(1, ENOUGH)
                        .parallel()
                        .mapToObj(seed -> laboratory.run(seed, mutation, line -> {}))
                        .filter(result -> !result.violations().isEmpty())
                        .findAny();

        assertThat(finder).as("a seed that finds %s", mutation).isPresent();
        assertThat(finder.orElseThrow().violations())
                .extracting(Violation::invariant)
                .doesNotContain(0);
    }

    private static String advice(Result result) {
        return "seed %d: %s%nMaybe look at all of it: make simulate SEED=%d"
                .formatted(result.seed(), result.violations(), result.seed());
    }
}
