// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.PqiTrend;
import dev.espalier.schemas.sparsity.PqiTrend.JustPruned;
import org.jspecify.annotations.Nullable;

/**
 * Tells the phases of section 3.2 of Diao et al. apart. Regularisation: PQI falls, and pruning
 * costs nothing. Compression: it rises, and pruning costs something. Collapse: it falls from its
 * height, of trained or of just-pruned weights, and the network is no good any more. Indices are
 * smoothed, and a phase is left only when the index has moved by more than noise does, so that a
 * run does not flicker between two. The state is small and travels in the decisions.
 */
public final class PhaseDetector {

    /** Above the lowest by so much: compression. The published seeds scatter by less than 0.02. */
    private static final double RISE = 1.05;

    /** Of the height: below it, collapse. */
    private static final double FALL = 0.75;

    /**
     * The same of weights just pruned, whose index falls a little with every pruning. Below it
     * those that are left are nearly all alike: nothing can be chosen among them.
     */
    private static final double FALL_JUST_PRUNED = 0.5;

    /** Of the height: above it, no collapse any more, where no metric knows better. */
    private static final double RECOVERY = 0.9;

    private PhaseDetector() {}

    /**
     * @param before null at the start
     * @return where the index is undefined, what was before
     */
    public static @Nullable PqiTrend next(@Nullable PqiTrend before, Sighting now) {
        Double pqi = now.pqi();
        if (pqi == null) {
            return before;
        }
        if (before == null) {
            return new PqiTrend(Phase.REGULARISATION, pqi, pqi, pqi, null);
        }
        double smoothed = average(before.smoothed(), pqi, now.weight());
        double lowest = before.lowest();
        double highest = Math.max(before.highest(), smoothed);
        JustPruned pruned = justPruned(before, now);
        return switch (before.phase()) {
            case REGULARISATION ->
                    smoothed > RISE * lowest && now.isHarmed()
                            ? new PqiTrend(Phase.COMPRESSION, smoothed, lowest, smoothed, pruned)
                            : falling(Math.min(lowest, smoothed), smoothed, pruned);
            case COMPRESSION -> {
                if (hasCollapsed(smoothed, highest, pruned, now)) {
                    yield new PqiTrend(Phase.COLLAPSE, smoothed, lowest, highest, pruned);
                }
                yield smoothed <= lowest
                        ? falling(smoothed, smoothed, pruned)
                        : new PqiTrend(Phase.COMPRESSION, smoothed, lowest, highest, pruned);
            }
            case COLLAPSE -> {
                boolean over =
                        now.hasMetric() ? now.isMended() : smoothed > RECOVERY * before.highest();
                yield new PqiTrend(
                        over ? Phase.COMPRESSION : Phase.COLLAPSE,
                        smoothed,
                        lowest,
                        over ? smoothed : highest,
                        pruned);
            }
        };
    }

    /** Heights count from the end of regularisation on. */
    private static PqiTrend falling(double lowest, double smoothed, @Nullable JustPruned pruned) {
        return new PqiTrend(
                Phase.REGULARISATION,
                smoothed,
                lowest,
                smoothed,
                pruned == null ? null : new JustPruned(pruned.smoothed(), pruned.smoothed()));
    }

    private static @Nullable JustPruned justPruned(PqiTrend before, Sighting now) {
        JustPruned course = before.justPruned();
        Double pqi = now.prunedPqi();
        if (pqi == null) {
            return course;
        }
        if (course == null) {
            return new JustPruned(pqi, pqi);
        }
        double smoothed = average(course.smoothed(), pqi, now.weight());
        return new JustPruned(smoothed, Math.max(course.highest(), smoothed));
    }

    private static boolean hasCollapsed(
            double smoothed, double highest, @Nullable JustPruned pruned, Sighting now) {
        boolean trainedFell = smoothed < FALL * highest;
        boolean prunedFell =
                pruned != null && pruned.smoothed() < FALL_JUST_PRUNED * pruned.highest();
        return (trainedFell && now.isUnsound()) || (prunedFell && now.isBroken());
    }

    private static double average(double before, double newest, double weight) {
        return weight * newest + (1 - weight) * before;
    }
}
