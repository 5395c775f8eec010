// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.PqIndex;

/**
 * c, the number of weights of one group that go. Counts are integers and the rest is double: in
 * single precision the reference implementation is one weight off for every fifth group.
 */
final class PlannedCount {

    /** Relative to d, what rounding may have moved a number away from an integer. */
    private static final double SNAP = 1e-9;

    private PlannedCount() {}

    /**
     * Line 9 of Algorithm 1: min(γ (d − r), β d), rounded down.
     *
     * @param d number of active weights
     * @param index I(p, q) of the group
     * @param easing factor on γ
     */
    static long sap(long d, double index, PruningRule.Sap rule, double easing) {
        double retain = snap(PqIndex.retain(d, index, rule.pair(), rule.eta()), d);
        return floor(Math.min(easing * rule.gamma() * (d - retain), rule.beta() * d), d);
    }

    /** A part of a planned count, rounded down. */
    static long eased(long planned, double easing) {
        return easing == 1 ? planned : floor(easing * planned, planned);
    }

    /** A fixed fraction of the active weights, rounded down. */
    static long ratio(long d, double ratio) {
        return floor(ratio * d, d);
    }

    /**
     * What is missing to a sparsity of the whole group, pruned weights included.
     *
     * @param d number of active weights
     * @param total number of weights
     */
    static long sparsity(long d, long total, double sparsity) {
        return Math.max(0, d - (total - floor(sparsity * total, total)));
    }

    private static long floor(double count, long d) {
        return (long) Math.floor(snap(count, d));
    }

    /** The nearest integer where it is within 1e-9 d, else the number itself. */
    static double snap(double value, long d) {
        double nearest = Math.rint(value);
        return Math.abs(value - nearest) <= SNAP * d ? nearest : value;
    }
}
