// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.GuardState;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.StoreUnavailableException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes masks and measurements of iterations that a run no longer keeps: mark and sweep, with
 * nothing remembered, so that whoever is killed in between leaves no more than work for the next
 * one. Decisions stay, for they are the register. Weights are the trainer's.
 */
final class CollectObjects {

    private static final Logger LOGGER = LoggerFactory.getLogger(CollectObjects.class);

    private static final Set<String> OF_OTHERS =
            Set.of(
                    ObjectKey.decision(new RunId("x"), 0).name(),
                    ObjectKey.weights(new RunId("x"), 0).name());

    private final ObjectStore store;
    private final Register register;

    CollectObjects(ObjectStore store, Register register) {
        this.store = store;
        this.register = register;
    }

    /**
     * A listing is long and objects are small beside weights: sweeps are seldom, and one ends the
     * run. What cannot be removed now is left to the next.
     *
     * @param kept how many iterations; null where all are
     */
    void after(PruningDecided decision, @Nullable Integer kept) {
        if (kept == null
                || decision.iteration() < kept
                || (decision.verdict() != Verdict.STOP
                        && decision.iteration() % Math.max(1, kept / 2) != 0)) {
            return;
        }
        try {
            sweep(decision, decision.iteration() - kept + 1);
        } catch (StoreUnavailableException e) {
            LOGGER.warn(
                    "Old objects are left for later: runId={} iteration={} error={}",
                    decision.runId(),
                    decision.iteration(),
                    e.getMessage());
        }
    }

    private void sweep(PruningDecided decision, int oldest) {
        RunId run = decision.runId();
        Set<ObjectKey> needed = needed(decision, oldest);
        for (ObjectKey key : store.list(ObjectKey.iterationsPrefix(run))) {
            int iteration = key.iteration().orElse(0);
            if (iteration > 0
                    && iteration < oldest
                    && !OF_OTHERS.contains(key.name())
                    && !needed.contains(key)) {
                store.delete(key);
            }
        }
    }

    /** A mask outlives its iteration where others keep it, or a guard may go back to it. */
    private Set<ObjectKey> needed(PruningDecided decision, int oldest) {
        Set<ObjectKey> needed = new HashSet<>();
        for (int t = oldest; t <= decision.iteration(); t++) {
            register.find(decision.runId(), t)
                    .ifPresent(record -> masks(record).forEach(needed::add));
        }
        GuardState guard = decision.guard();
        Integer within = guard == null ? null : guard.lastWithin();
        if (within != null) {
            register.find(decision.runId(), within)
                    .ifPresent(record -> masks(record).forEach(needed::add));
        }
        return needed;
    }

    private static Stream<ObjectKey> masks(DecisionRecord record) {
        return Stream.of(record.mask(), record.decision().mask())
                .<ArtifactRef>mapMulti(
                        (ref, out) -> {
                            if (ref != null) {
                                out.accept(ref);
                            }
                        })
                .map(ArtifactRef::key);
    }
}
