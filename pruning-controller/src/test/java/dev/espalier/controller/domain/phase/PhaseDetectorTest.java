// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.sparsity.Phase;
import dev.espalier.schemas.sparsity.PqiTrend;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseDetectorTest {

    /**
     * The published curves (Diao et al., ICLR 2023, CIFAR10, global scope, read off the figures):
     * PQI and accuracy of the retrained models, and the phase of each as it stands in the figure. R
     * falls, K rises, C breaks down.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CNN, SAP(.5,1) | .312 .294 .274 .256 .237 .218 .208 .202 .200 .213 .237 .264 .369 | 90.3 90.3 90.3 90.3 90.2 90.3 90.2 90.0 89.6 88.4 86.1 82.6 77.5 | RRRRRRRRRRKKK
                    CNN, SAP(1,2) | .312 .223 .208 .226 .264 .365 .702 .056 .045 .039 .036 .036 .036 | 90.3 90.2 89.8 88.6 86.2 81.7 74.8 60.5 51.3 38.4 31.6 27.4 24.7 | RRRRKKKCCCCCC
                    CNN, lottery ticket | .312 .302 .289 .278 .267 .253 .238 .213 .202 .206 .226 .245 .262 | 90.3 90.3 90.3 90.3 90.3 90.3 90.2 90.1 90.0 89.2 87.7 85.2 81.9 | RRRRRRRRRRRKK
                    CNN, one shot | .312 .302 .290 .276 .262 .247 .229 .209 .293 .686 .665 .149 .135 | 90.3 90.3 90.4 90.4 90.4 90.3 90.3 90.3 90.2 88.2 80.1 67.0 57.9 | RRRRRRRRKKKCC
                    ResNet18, SAP(1,2) | .303 .229 .212 .24 .579 .675 .028 .018 | 95.3 95.2 94.6 93.5 84.7 72.8 58.4 49.4 | RRRRKKCC
                    ResNet18, SAP(.5,1) | .303 .281 .236 .199 .197 .20 .20 .204 | 95.3 95.3 95.2 95.1 95.0 94.9 94.7 94.5 | RRRRRRRR
                    """)
    void shouldNameThePhasesOfThePublishedCurves(
            String name, String pqi, String accuracy, String phases) {
        double[] indices = numbers(pqi);
        double[] accuracies = numbers(accuracy);
        PqiTrend trend = null;
        var named = new StringBuilder();
        for (int t = 0; t < indices.length; t++) {
            trend = PhaseDetector.next(trend, indices[t], accuracies[t], accuracies[0]);
            named.append(letter(trend.phase()));
        }

        assertThat(named).hasToString(phases);
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static char letter(Phase phase) {
        return switch (phase) {
            case REGULARISATION -> 'R';
            case COMPRESSION -> 'K';
            case COLLAPSE -> 'C';
        };
    }

    private static String course(@Nullable Double metric, double... indices) {
        PqiTrend[] trend = {null};
        return Arrays.stream(indices)
                .mapToObj(
                        pqi -> {
                            trend[0] = PhaseDetector.next(trend[0], pqi, metric, 1.0);
                            return String.valueOf(letter(trend[0].phase()));
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
        PqiTrend before = PhaseDetector.next(null, 0.3, null, null);

        assertThat(PhaseDetector.next(before, null, null, null)).isEqualTo(before);
        assertThat(PhaseDetector.next(null, null, null, null)).isNull();
    }
}
