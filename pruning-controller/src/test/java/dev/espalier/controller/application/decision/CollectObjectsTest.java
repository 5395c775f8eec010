// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CollectObjectsTest {

    private static final int KEPT = 100;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Register register = new Register(store);
    private final CollectObjects collecting = new CollectObjects(store, register);

    /** The objects of an iteration, as services leave them, and the decision on it. */
    private PruningDecided decide(
            int t, Verdict verdict, @Nullable ArtifactRef mask, @Nullable Integer within) {
        ArtifactRef next =
                verdict == Verdict.PRUNE
                        ? store.put(ObjectKey.mask(World.RUN, t + 1), new byte[] {3})
                        : mask;
        var decision =
                new PruningDecided(
                        World.RUN,
                        t,
                        verdict,
                        null,
                        new Reason("test", "because"),
                        new PolicyRef("sap-default", PolicyVersion.of(Policy.DEFAULT), "built-in"),
                        next,
                        10,
                        10,
                        0,
                        1,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        new GuardState(0.9, 0.9, 0, null, within),
                        null,
                        null);
        var weights = store.put(ObjectKey.weights(World.RUN, t), new byte[] {1});
        var measured = store.put(ObjectKey.measurement(World.RUN, t), new byte[] {2});
        assertThat(
                        register.enter(
                                new DecisionRecord(
                                        decision,
                                        Policy.DEFAULT,
                                        weights,
                                        mask,
                                        measured,
                                        List.of(),
                                        List.of())))
                .isTrue();
        collecting.after(decision, KEPT);
        return decision;
    }

    private long number(String name) {
        return store.list(ObjectKey.iterationsPrefix(World.RUN)).stream()
                .filter(key -> key.name().equals(name))
                .count();
    }

    /** Prunes for a while, then keeps the mask for thousands of iterations, then prunes again. */
    @Test
    void shouldHoldABoundedNumberOfObjectsOverTenThousandIterations() {
        ArtifactRef mask = null;
        int within = 0;
        for (int t = 0; t < 10_000; t++) {
            boolean prunes = t < 500 || t > 8_000;
            within = t % 700 < 600 ? t : within;
            mask = decide(t, prunes ? Verdict.PRUNE : Verdict.KEEP, mask, within).mask();
            assertThat(store.size(mask.key())).isPresent();
            if (t % 997 == 0 || t == 7_999) {
                assertThat(number("mask.safetensors")).isLessThanOrEqualTo(KEPT * 3 / 2 + 3);
                assertThat(number("measurement.json")).isLessThanOrEqualTo(KEPT * 3 / 2 + 3);
            }
        }

        assertThat(number("decision.json")).as("the register stays").isEqualTo(10_000);
        assertThat(number("weights.safetensors")).as("the trainer's").isEqualTo(10_000);
    }

    @Test
    void shouldKeepAMaskThatIsFarOlderThanItsUse() {
        ArtifactRef mask = decide(0, Verdict.PRUNE, null, 0).mask();
        for (int t = 1; t < 5 * KEPT; t++) {
            mask = decide(t, Verdict.KEEP, mask, 0).mask();
        }
        assertThat(mask.key()).isEqualTo(ObjectKey.mask(World.RUN, 1));
        assertThat(store.size(mask.key())).isPresent();
        ArtifactRef old = mask;
        for (int t = 5 * KEPT; t < 7 * KEPT; t++) {
            mask = decide(t, Verdict.PRUNE, mask, t).mask();
        }

        assertThat(store.size(old.key())).as("nobody needs it any more").isEmpty();
    }

    @Test
    void shouldKeepTheMaskThatAGuardMayGoBackTo() {
        ArtifactRef mask = null;
        for (int t = 0; t < 4 * KEPT; t++) {
            mask = decide(t, Verdict.PRUNE, mask, 5).mask();
        }

        assertThat(store.size(ObjectKey.mask(World.RUN, 5))).isPresent();
        assertThat(store.size(ObjectKey.mask(World.RUN, 4))).isEmpty();
    }

    @Test
    void shouldLeaveForLaterWhatCannotBeRemovedNow() {
        ArtifactRef mask = null;
        store.onStep(
                step -> {
                    if (step.startsWith("delete")) {
                        store.goAway(1);
                    }
                });
        for (int t = 0; t < 3 * KEPT; t++) {
            mask = decide(t, Verdict.PRUNE, mask, t).mask();
        }
        assertThat(number("measurement.json")).isGreaterThan(2 * KEPT);
        store.onStep(step -> {});
        for (int t = 3 * KEPT; t < 3 * KEPT + KEPT / 2 + 1; t++) {
            mask = decide(t, Verdict.PRUNE, mask, t).mask();
        }

        assertThat(number("measurement.json")).isLessThanOrEqualTo(KEPT * 3 / 2 + 3);
    }
}
