// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import org.jspecify.annotations.Nullable;

/**
 * What an iteration shows of the course of its run. More of the metric is better.
 *
 * @param kept active weights of this iteration / those of the one before: from 0 to 1, or more
 *     after a roll-back
 * @param pqi of the trained weights; null where it is undefined
 * @param prunedPqi of the weights that they began as, just pruned; null where nothing had gone
 * @param metric of the trained weights; null where there is none
 * @param prunedMetric of the weights just pruned; null likewise
 * @param dense the metric of iteration 0; null likewise
 */
public record Sighting(
        double kept,
        @Nullable Double pqi,
        @Nullable Double prunedPqi,
        @Nullable Double metric,
        @Nullable Double prunedMetric,
        @Nullable Double dense) {

    /** Of the trained metric: a loss below it is more than noise. */
    private static final double UNHARMED = 0.995;

    /** The same of weights just pruned, which training has yet to mend. */
    private static final double UNHARMED_JUST_PRUNED = 0.99;

    /** A share of the dense metric below this is a collapse, if PQI falls as well. */
    private static final double SOUND = 0.95;

    /** A collapse is over above this. */
    private static final double MENDED = 0.97;

    /** A strong loss: below this the index of just-pruned weights is a witness, too. */
    private static final double BROKEN = 0.9;

    /** What a fifth of the weights is to the average: an iteration of the lottery ticket. */
    private static final double STEP = 0.8;

    /** Of an index alone, with no metric. */
    public static Sighting of(double pqi) {
        return new Sighting(1, pqi, null, null, null, null);
    }

    boolean hasMetric() {
        return metric != null && dense != null;
    }

    /** Whether pruning costs something, as far as is known. */
    boolean isHarmed() {
        return !hasMetric()
                || isBelow(UNHARMED, metric)
                || isBelow(UNHARMED_JUST_PRUNED, prunedMetric);
    }

    boolean isUnsound() {
        return !hasMetric() || isBelow(SOUND, metric);
    }

    boolean isBroken() {
        return hasMetric() && isBelow(BROKEN, metric);
    }

    boolean isMended() {
        return hasMetric() && !isBelow(MENDED, metric);
    }

    private boolean isBelow(double share, @Nullable Double value) {
        return value != null && dense != null && value < share * dense;
    }

    /**
     * How much the newest index counts: half where a fifth of the weights went, or less, and more
     * the more went. Averages are over what is left, not over iterations: noise is of iterations,
     * the phases are of sparsity.
     */
    double weight() {
        if (!(kept > 0)) {
            return 1;
        }
        double steps = Math.max(1, StrictMath.log(kept) / StrictMath.log(STEP));
        return 1 - StrictMath.pow(0.5, steps);
    }
}
