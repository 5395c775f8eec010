// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

@TestInstance(Lifecycle.PER_CLASS)
final class SeededTest {

    private final Set<Long> drawn = new HashSet<>();

    @Seeded(cases = 7)
    void shouldDrawOtherNumbersInEachCase(RandomGenerator random) {
        assertThat(drawn.add(random.nextLong())).isTrue();
    }

    @Test
    void shouldNameTheSeedWhenACaseFails() {
        var handler =
                (TestExecutionExceptionHandler)
                        SeededCases.one(42).getAdditionalExtensions().stream()
                                .filter(TestExecutionExceptionHandler.class::isInstance)
                                .findFirst()
                                .orElseThrow();

        assertThatThrownBy(
                        () ->
                                handler.handleTestExecutionException(
                                        null, new AssertionError("1 is not 2")))
                .hasMessageContaining("1 is not 2")
                .hasMessageContaining("-Dseed=42");
    }

    @AfterAll
    void shouldHaveRunEveryCase() {
        if (Long.getLong("seed") == null && !drawn.isEmpty()) {
            assertThat(drawn).hasSize(7);
        }
    }
}
