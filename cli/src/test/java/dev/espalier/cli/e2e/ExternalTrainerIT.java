// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A trainer in another language is served, and what it gets wrong is said. */
final class ExternalTrainerIT {

    private static final int COUNT = ForeignTrainer.ROWS * ForeignTrainer.COLUMNS;

    @Test
    void shouldServeATrainerThatKnowsOnlyTheProtocol() throws Exception {
        try (ForeignTrainer trainer = trainer("foreign")) {
            // Given
            float[] weights = weights();
            trainer.request(1);

            // When
            trainer.publish(0, weights, "null");
            JsonNode first = trainer.awaitDecision(0);

            // Then
            assertThat(first.path("verdict").asText()).isEqualTo("prune");
            assertThat(first.path("active").asInt()).isEqualTo(COUNT);
            int pruned = first.path("pruned").asInt();
            assertThat(pruned).isPositive();
            byte[] bits = trainer.maskBits(first.path("mask"));
            for (int i = 0; i < COUNT; i++) {
                boolean active = (bits[i / 8] >> i % 8 & 1) != 0;
                assertThat(active).as("weight %d of ascending magnitude", i).isEqualTo(i >= pruned);
                weights[i] = active ? weights[i] : 0;
            }

            // When
            trainer.publish(1, weights, first.path("mask").toString());
            JsonNode second = trainer.awaitDecision(1);

            // Then
            assertThat(second.path("verdict").asText()).isEqualTo("stop");
            assertThat(second.path("outcome").asText()).isEqualTo("completed");
            assertThat(second.path("active").asInt()).isEqualTo(COUNT - pruned);
        }
    }

    @Test
    void shouldStopARunWhoseWeightsHaveANanAndNameIt() throws Exception {
        float[] weights = weights();
        weights[13] = Float.NaN;
        assertFails("nan", ForeignTrainer.safetensors(weights), "fc.weight", "13", "NaN");
    }

    @Test
    void shouldStopARunWhoseWeightsAreTruncated() throws Exception {
        byte[] file = ForeignTrainer.safetensors(weights());
        assertFails("truncated", Arrays.copyOf(file, file.length - 10), "truncated");
    }

    @Test
    void shouldStopARunWhoseWeightsAnnounceAHeaderOfTwoGigabytes() throws Exception {
        byte[] file = ForeignTrainer.safetensors(weights());
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 31);
        assertFails("huge-header", file, "2147483648");
    }

    @Test
    void shouldGoOnAfterEventsThatAreNone() throws Exception {
        try (ForeignTrainer trainer = trainer("after-rubbish")) {
            // Given
            trainer.request(0);
            trainer.send("espalier.snapshots", "snapshot.published.v1", "1", "this is no json");
            trainer.send("espalier.snapshots", "snapshot.published.v1", "2", "{\"iteration\": -1}");
            trainer.send("espalier.policies", "policy.selected.v1", "3", "{\"policy\": 7}");

            // When
            trainer.publish(0, weights(), "null");

            // Then
            assertThat(trainer.awaitDecision(0).path("outcome").asText()).isEqualTo("completed");
        }
    }

    private static void assertFails(String run, byte[] file, String... named) throws Exception {
        try (ForeignTrainer trainer = trainer(run)) {
            // Given
            trainer.request(3);

            // When
            trainer.publish(0, trainer.put(0, file), "null");
            JsonNode decision = trainer.awaitDecision(0);

            // Then
            assertThat(decision.path("verdict").asText()).isEqualTo("stop");
            assertThat(decision.path("outcome").asText()).isEqualTo("failed");
            assertThat(decision.path("reason").path("message").asText()).contains(named);
        }
    }

    private static ForeignTrainer trainer(String run) {
        return new ForeignTrainer(RealLoop.shared().stack().file(), run);
    }

    /** Ascending magnitudes of alternating sign, no two alike. */
    private static float[] weights() {
        float[] weights = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            weights[i] = (i % 2 == 0 ? 1 : -1) * (i + 1) * (i + 1) * 1e-3f;
        }
        return weights;
    }
}
