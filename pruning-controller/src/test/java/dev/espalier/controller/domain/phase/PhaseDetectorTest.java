// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.PqiTrend;
import dev.espalier.schemas.sparsity.PqiTrend.JustPruned;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PhaseDetectorTest {

    private static String course(@Nullable Double metric, double... indices) {
        PqiTrend[] trend = {null};
        return Arrays.stream(indices)
                .mapToObj(
                        pqi -> {
                            trend[0] =
                                    PhaseDetector.next(
                                            trend[0],
                                            new Sighting(1, pqi, null, metric, null, 1.0));
                            return String.valueOf(Phases.letter(trend[0].phase()));
                        })
                .collect(Collectors.joining());
    }

    @Test
    void shouldNotFlickerInNoiseThatThePublishedSeedsHave() {
        var random = RandomGenerator.of("L64X128MixRandom");
        for (int run = 0; run < 200; run++) {
            double[] flat = new double[30];
            Arrays.setAll(flat, t -> 0.2 * (1 + 0.02 * (2 * random.nextDouble() - 1)));
            assertThat(course(null, flat)).matches("R*");
        }
    }

    @Test
    void shouldCallNoSoundModelCollapsed() {
        double[] indices = {.3, .2, .2, .4, .7, .7, .1, .1};

        assertThat(course(0.99, indices)).doesNotContain("C").contains("K");
        assertThat(course(0.5, indices)).endsWith("CC");
        assertThat(course(null, indices)).endsWith("CC");
    }

    @Test
    void shouldComeBackFromCollapseOnlyNearTheOldHeight() {
        assertThat(course(null, .3, .2, .2, .4, .7, .1, .1, .5, .5, .65, .65, .65))
                .startsWith("RRRKKC")
                .endsWith("K")
                .matches("R+K+C+K+");
    }

    @Test
    void shouldLeaveThePhaseAloneWhereTheIndexIsUndefined() {
        PqiTrend before = PhaseDetector.next(null, Sighting.of(0.3));
        var undefined = new Sighting(0.5, null, 0.1, 0.2, 0.1, 0.9);

        assertThat(PhaseDetector.next(before, undefined)).isEqualTo(before);
        assertThat(PhaseDetector.next(null, undefined)).isNull();
    }

    @Test
    void shouldNotTakeRoomThatTrainingMakesForCompression() {
        assertThat(course(1.0, .3, .2, .25, .3, .35)).isEqualTo("RRRRR");
        assertThat(course(0.98, .3, .2, .25, .3, .35)).startsWith("RRRK");
    }

    @Test
    void shouldNameCompressionByWhatJustPrunedWeightsLose() {
        PqiTrend low = new PqiTrend(Phase.REGULARISATION, 0.2, 0.2, 0.2, null);

        assertThat(PhaseDetector.next(low, new Sighting(0.5, 0.3, 0.1, 0.97, 0.96, 0.97)).phase())
                .isEqualTo(Phase.COMPRESSION);
        assertThat(PhaseDetector.next(low, new Sighting(0.5, 0.3, 0.1, 0.97, 0.97, 0.97)).phase())
                .isEqualTo(Phase.REGULARISATION);
    }

    @Test
    void shouldNameCollapseWhereJustPrunedWeightsAreAlikeAndTheModelIsBroken() {
        var high = new PqiTrend(Phase.COMPRESSION, 0.4, 0.2, 0.4, new JustPruned(0.1, 0.1));

        assertThat(PhaseDetector.next(high, new Sighting(0.1, 0.6, 0.02, 0.4, 0.1, 0.97)).phase())
                .isEqualTo(Phase.COLLAPSE);
        assertThat(PhaseDetector.next(high, new Sighting(0.1, 0.6, 0.02, 0.9, 0.1, 0.97)).phase())
                .isEqualTo(Phase.COMPRESSION);
        assertThat(PhaseDetector.next(high, new Sighting(0.1, 0.6, 0.08, 0.4, 0.1, 0.97)).phase())
                .isEqualTo(Phase.COMPRESSION);
    }

    @Test
    void shouldSmoothOverWhatIsLeftAndNotOverIterations() {
        PqiTrend before = PhaseDetector.next(null, Sighting.of(0.4));

        assertThat(smoothed(before, 1)).isCloseTo(0.3, within(1e-12));
        assertThat(smoothed(before, 0.8)).isCloseTo(0.3, within(1e-12));
        assertThat(smoothed(before, 0.64)).isCloseTo(0.25, within(1e-12));
        assertThat(smoothed(before, 0.1)).isCloseTo(0.2, within(1e-3));
        assertThat(smoothed(before, 5)).as("after a roll-back").isCloseTo(0.3, within(1e-12));
        assertThat(smoothed(before, Double.NaN)).isEqualTo(0.2);
    }

    private static double smoothed(PqiTrend before, double kept) {
        return PhaseDetector.next(before, new Sighting(kept, 0.2, null, null, null, null))
                .smoothed();
    }

    @Test
    void shouldLeaveCollapseOnlyWhereTheMetricIsMended() {
        var collapsed = new PqiTrend(Phase.COLLAPSE, 0.625, 0.2, 0.625, null);

        assertThat(
                        PhaseDetector.next(collapsed, new Sighting(1, 0.6, null, 0.9, null, 1.0))
                                .phase())
                .isEqualTo(Phase.COLLAPSE);
        assertThat(PhaseDetector.next(collapsed, new Sighting(1, 0.375, null, 0.98, null, 1.0)))
                .isEqualTo(new PqiTrend(Phase.COMPRESSION, 0.5, 0.2, 0.5, null));
    }
}
