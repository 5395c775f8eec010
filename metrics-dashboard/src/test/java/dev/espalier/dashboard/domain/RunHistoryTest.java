// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import static dev.espalier.dashboard.domain.RunHistory.MOST_ITERATIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

    private static final RunId RUN = new RunId("long");

    private static PruningDecided decision(int iteration) {
        return new PruningDecided(
                RUN,
                iteration,
                Verdict.KEEP,
                null,
                new Reason("test", "because"),
                new PolicyRef("p", "0123456789ab", "test"),
                null,
                10,
                10,
                0,
                1,
                null,
                List.of(),
                List.of());
    }

    @Test
    void shouldForgetTheOldestIterationsButTheFirst() {
        var history = new RunHistory(RUN, Instant.EPOCH);
        int last = 2 * MOST_ITERATIONS;
        for (int t = 0; t <= last; t++) {
            assertThat(history.iteration(decision(t), Instant.EPOCH)).isEqualTo(Effect.NEW);
        }

        assertThat(history.iteration(decision(5), Instant.EPOCH))
                .as("heard late, as another topic is read behind")
                .isEqualTo(Effect.REPEATED);
        RunView view = history.view();
        assertThat(view.history()).hasSize(MOST_ITERATIONS);
        assertThat(view.history().getFirst().iteration()).isZero();
        assertThat(view.history().get(1).iteration()).isEqualTo(last - MOST_ITERATIONS + 2);
        assertThat(view.history().getLast().iteration()).isEqualTo(last);
    }
}
