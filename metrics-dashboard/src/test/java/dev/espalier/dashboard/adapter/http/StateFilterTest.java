// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.run.ReportedState;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateFilterTest {

    @Test
    void shouldTakeEveryStateWhenNoneIsNamed() {
        assertThat(StateFilter.parse(List.of())).containsExactly(ReportedState.values());
    }

    @Test
    void shouldTakeRepeatedAndJoinedNames() {
        assertThat(StateFilter.parse(List.of("running,paused", "failed")))
                .containsExactly(ReportedState.RUNNING, ReportedState.PAUSED, ReportedState.FAILED);
    }

    @Test
    void shouldNameWhatIsNoState() {
        assertThatThrownBy(() -> StateFilter.parse(List.of("RUNNING")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("'RUNNING'")
                .hasMessageContaining("running");
    }
}
