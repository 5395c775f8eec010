// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.PqiTrend;
import org.jspecify.annotations.Nullable;

/**
 * Tells the phases of section 3.2 of Diao et al. apart: PQI falls, rises, and falls from its
 * height. The index is smoothed, and a phase is left only when the index has moved by more than
 * noise does, so that a run does not flicker between two. The state is small and travels in the
 * decisions.
 */
public final class PhaseDetector {

    /** Weight of the newest index in the average. */
    private static final double NEWEST = 0.5;

    /** Above the lowest by so much: compression. The published seeds scatter by less than 0.02. */
    private static final double RISE = 1.05;

    /** Of the height: below it, collapse. */
    private static final double FALL = 0.75;

    /** Of the height: above it, no collapse any more. */
    private static final double RECOVERY = 0.9;

    /** Of the dense metric: what is above it is no collapse, whatever PQI does. */
    private static final double SOUND = 0.95;

    private PhaseDetector() {}

    /**
     * @param before null at the start
     * @param pqi of this iteration; null where it is undefined, which changes nothing
     * @param metric of this iteration, of which more is better; null where there is none
     * @param dense the same of iteration 0
     */
    public static @Nullable PqiTrend next(
            @Nullable PqiTrend before,
            @Nullable Double pqi,
            @Nullable Double metric,
            @Nullable Double dense) {
        if (pqi == null) {
            return before;
        }
        if (before == null) {
            return new PqiTrend(Phase.REGULARISATION, pqi, pqi, pqi);
        }
        double smoothed = NEWEST * pqi + (1 - NEWEST) * before.smoothed();
        return switch (before.phase()) {
            case REGULARISATION -> falling(before, smoothed);
            case COMPRESSION -> rising(before, smoothed, isSound(metric, dense));
            case COLLAPSE ->
                    new PqiTrend(
                            smoothed > RECOVERY * before.highest()
                                    ? Phase.COMPRESSION
                                    : Phase.COLLAPSE,
                            smoothed,
                            before.lowest(),
                            Math.max(before.highest(), smoothed));
        };
    }

    private static PqiTrend falling(PqiTrend before, double smoothed) {
        double lowest = Math.min(before.lowest(), smoothed);
        return new PqiTrend(
                smoothed > RISE * lowest ? Phase.COMPRESSION : Phase.REGULARISATION,
                smoothed,
                lowest,
                smoothed);
    }

    private static PqiTrend rising(PqiTrend before, double smoothed, boolean sound) {
        double highest = Math.max(before.highest(), smoothed);
        if (smoothed < FALL * highest && !sound) {
            return new PqiTrend(Phase.COLLAPSE, smoothed, before.lowest(), highest);
        }
        return smoothed <= before.lowest()
                ? new PqiTrend(Phase.REGULARISATION, smoothed, smoothed, smoothed)
                : new PqiTrend(Phase.COMPRESSION, smoothed, before.lowest(), highest);
    }

    private static boolean isSound(@Nullable Double metric, @Nullable Double dense) {
        return metric != null && dense != null && metric >= SOUND * dense;
    }
}
