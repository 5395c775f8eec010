// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.TensorLimit;
import org.jspecify.annotations.Nullable;

/**
 * How many weights of a group may go, whatever the rule says.
 *
 * @param note what holds the number down
 */
record Allowance(long mayGo, String note) {

    /**
     * @param tensor null where a group is of all tensors
     * @param total number of weights of the group
     * @param d number of active ones
     */
    static Allowance of(Policy policy, @Nullable String tensor, long total, long d) {
        TensorLimit limit = tensor == null ? null : policy.limitOf(tensor);
        if (limit == null) {
            return least(policy.keepAtLeast(), d, "the policy keeps at least ");
        }
        Long own = limit.keepAtLeast();
        Allowance allowed =
                own == null
                        ? least(policy.keepAtLeast(), d, "the policy keeps at least ")
                        : least(own, d, "the limits of '" + limit.tensors() + "' keep at least ");
        Double fraction = limit.keepFraction();
        if (fraction != null) {
            long kept = (long) Math.ceil(PlannedCount.snap(fraction * total, total));
            allowed =
                    allowed.orLess(least(kept, d, "the limits of '" + limit.tensors() + "' keep "));
        }
        Double ratio = limit.maxRatio();
        if (ratio != null) {
            allowed =
                    allowed.orLess(
                            new Allowance(
                                    PlannedCount.ratio(d, ratio),
                                    "the limits of '%s' let at most %s of them go"
                                            .formatted(limit.tensors(), ratio)));
        }
        return allowed;
    }

    private static Allowance least(long kept, long d, String note) {
        return new Allowance(Math.max(0, d - kept), note + kept);
    }

    private Allowance orLess(Allowance other) {
        return other.mayGo < mayGo ? other : this;
    }
}
