// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.controller.domain.guard.Watch;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.sparsity.GroupIndex;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict depends on, and nothing else.
 *
 * @param iteration t
 * @param length of the run, if it has one
 * @param rewind where the next training would start from
 * @param total number of weights that could be pruned
 * @param active number of them that are active
 * @param pqi of all active weights together, where a pair was measured
 * @param plan of the policy in force
 * @param watch the course of the run
 */
public record Situation(
        int iteration,
        @Nullable RunLength length,
        Rewind rewind,
        long total,
        long active,
        @Nullable GroupIndex pqi,
        Plan plan,
        Watch watch) {

    /** active / total. */
    public double remaining() {
        return remaining(active, total);
    }

    /** A network without prunable weights, or of which nothing is known, is dense. */
    public static double remaining(long active, long total) {
        return total == 0 ? 1 : (double) active / total;
    }

    /** N, the smaller one where both the run and the policy name one; null where none does. */
    @Nullable Integer iterations() {
        Integer ofPolicy = policy().stop().iterations();
        return switch (length) {
            case null -> ofPolicy;
            case RunLength.Bounded run ->
                    ofPolicy == null ? run.iterations() : Math.min(run.iterations(), ofPolicy);
            // The built-in policy has a last iteration for runs that would have none.
            case RunLength.Unbounded _ -> policy().equals(Policy.DEFAULT) ? null : ofPolicy;
        };
    }

    /**
     * Whether another training under the same mask leads anywhere: from w_init it would give the
     * same weights, and a run that nobody asked to be endless must come to an end.
     */
    boolean mayHold() {
        return rewind.equals(Rewind.NONE)
                && (iterations() != null || RunLength.UNBOUNDED.equals(length));
    }

    Policy policy() {
        return plan.policy();
    }
}
