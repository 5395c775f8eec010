// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.cli.stack.LoopService;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.run.ReportedState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of each service in turn, in the middle of a run. */
final class KillIT {

    private static final int ITERATIONS = 6;

    @Test
    void invariant5ShouldEndWithTheSameBytesWhicheverServiceIsKilled() {
        // Given
        RealLoop loop = RealLoop.shared();
        RunId quiet = loop.submit("quiet", RealLoop.small(ITERATIONS, null));
        List<PruningDecided> undisturbed = loop.awaitStop(quiet);

        // When
        RunId killed = loop.submit("killed", RealLoop.small(ITERATIONS, null));
        int iteration = 0;
        for (LoopService service : LoopService.values()) {
            loop.awaitIteration(killed, iteration);
            loop.kill(service);
            iteration++;
        }
        List<PruningDecided> disturbed = loop.awaitStop(killed);

        // Then
        assertThat(loop.awaitFinal(killed).state()).isEqualTo(ReportedState.COMPLETED);
        assertThat(disturbed)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                        "runId", "mask.uri", "policy.setBy")
                .containsExactlyElementsOf(undisturbed);
        for (int t = 0; t <= ITERATIONS; t++) {
            assertThat(tensors(loop, killed, t)).as("w_%d", t).isEqualTo(tensors(loop, quiet, t));
        }
    }

    /** The weights without the header, which names the run. */
    private static byte[] tensors(RealLoop loop, RunId run, int iteration) {
        return Bodies.of(loop.object(ObjectKey.weights(run, iteration)));
    }
}
