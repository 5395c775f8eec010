// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.trainer.application.CheckpointPlan;
import dev.espalier.trainer.application.TrainerSettings;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectedWeightsTest {

    private static final RunId RUN = new RunId("long");

    private final MemoryObjectStore store = new MemoryObjectStore();

    private StoredArtifacts artifacts(Path folder, int iterations) {
        var artifacts =
                new StoredArtifacts(
                        store,
                        new TrainerSettings(
                                1, folder, new CheckpointPlan(1, Duration.ofSeconds(1))));
        store.put(ObjectKey.initial(RUN), new byte[] {1});
        for (int t = 0; t < iterations; t++) {
            var weights = store.put(ObjectKey.weights(RUN, t), new byte[] {(byte) t});
            var _ =
                    artifacts.saveCheckpoint(
                            new SnapshotPublished(
                                    RUN, t, weights, null, List.of(), NormPair.DEFAULTS));
            store.put(ObjectKey.decision(RUN, t), new byte[] {2});
        }
        return artifacts;
    }

    @Test
    void shouldKeepTheDenseWeightsTheNewestAndThoseWithinTheBudget(@TempDir Path folder) {
        StoredArtifacts artifacts = artifacts(folder, 9);

        artifacts.collect(RUN, 6, 3);

        for (int t = 0; t < 9; t++) {
            boolean stays = t == 0 || t == 3 || t >= 6;
            assertThat(store.size(ObjectKey.weights(RUN, t)).isPresent())
                    .as("%d", t)
                    .isEqualTo(stays);
            assertThat(store.size(ObjectKey.checkpoint(RUN, t)).isPresent()).isEqualTo(stays);
            assertThat(store.size(ObjectKey.decision(RUN, t))).isPresent();
        }
        assertThat(store.size(ObjectKey.initial(RUN))).isPresent();
        assertThat(artifacts.lastCheckpoint(RUN).orElseThrow().iteration()).isEqualTo(8);
    }

    @Test
    void shouldLeaveNoWeightsBehindWhereItIsKilledInBetween(@TempDir Path folder) {
        StoredArtifacts artifacts = artifacts(folder, 9);
        int[] deletions = {0};
        store.onStep(
                step -> {
                    if (step.startsWith("delete") && ++deletions[0] % 3 == 0) {
                        throw new IllegalArgumentException("killed");
                    }
                });
        for (int oldest = 5; oldest < 7; oldest++) {
            int first = oldest;
            assertThatThrownBy(() -> artifacts.collect(RUN, first, null))
                    .hasMessageContaining("killed");
        }
        store.onStep(step -> {});

        artifacts.collect(RUN, 7, null);
        artifacts.collect(RUN, 7, null);

        assertThat(store.list(ObjectKey.checkpointPrefix(RUN)))
                .containsExactly(
                        ObjectKey.checkpoint(RUN, 0),
                        ObjectKey.checkpoint(RUN, 7),
                        ObjectKey.checkpoint(RUN, 8));
        assertThat(store.list(ObjectKey.iterationsPrefix(RUN)))
                .filteredOn(key -> key.name().equals("weights.safetensors"))
                .containsExactly(
                        ObjectKey.weights(RUN, 0),
                        ObjectKey.weights(RUN, 7),
                        ObjectKey.weights(RUN, 8));
    }
}
