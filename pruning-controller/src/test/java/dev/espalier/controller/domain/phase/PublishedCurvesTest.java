// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.sparsity.PqiTrend;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedCurvesTest {

    /**
     * The published curves (Diao et al., ICLR 2023, CIFAR10, global scope, read off the figures): %
     * remaining, PQI and accuracy of the retrained models, accuracy of the same just pruned (that
     * of the retrained ones where the figure hides it), and the phase of each. R falls, K rises, C
     * breaks down.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CNN, SAP(.5,1) | 100 68.8 48.6 35.3 26.2 20 15.6 9.9 6.3 2.0 .57 .14 .02 | .312 .294 .274 .256 .237 .218 .208 .202 .200 .213 .237 .264 .369 | 90.3 90.3 90.3 90.3 90.2 90.3 90.2 90.0 89.6 88.4 86.1 82.6 77.5 | 90.3 90.3 90.3 90.3 90.2 90.3 90.2 90.0 89.6 88.4 86.1 82.6 77.5 | RRRRRRRRRKKKK
                    CNN, SAP(1,2) | 100 23.3 8.15 2.64 .71 .15 .04 .01 .008 .006 .005 .004 .003 | .312 .223 .208 .226 .264 .365 .702 .056 .045 .039 .036 .036 .036 | 90.3 90.2 89.8 88.6 86.2 81.7 74.8 60.5 51.3 38.4 31.6 27.4 24.7 | 86.3 83.9 77.8 65.3 54.8 47.3 42 34.9 30 24 20.6 18.7 17.4 | RRRKKKKCCCCCC
                    CNN, lottery ticket | 100 80 64 51.2 41 32.8 26.2 16.8 10.7 3.5 1.15 .38 .12 | .312 .302 .289 .278 .267 .253 .238 .213 .202 .206 .226 .245 .262 | 90.3 90.3 90.3 90.3 90.3 90.3 90.2 90.1 90.0 89.2 87.7 85.2 81.9 | 90.3 90.3 90.3 90.3 90.3 90.3 90.2 90.1 90.0 89.2 87.7 85.2 81.9 | RRRRRRRRRRKKK
                    CNN, one shot | 100 80 64 51.2 41 32.8 26.2 16.8 10.7 3.5 1.15 .38 .12 | .312 .302 .290 .276 .262 .247 .229 .209 .293 .686 .665 .149 .135 | 90.3 90.3 90.4 90.4 90.4 90.3 90.3 90.3 90.2 88.2 80.1 67.0 57.9 | 90.3 90.3 90.3 90.2 90 89.7 88.7 82.3 72 53.2 42.9 36.6 33.1 | RRRRRRRRKKKCC
                    ResNet18, SAP(1,2) | 100 29.7 4.8 .4 .04 .01 .004 .001 | .303 .229 .212 .24 .579 .675 .028 .018 | 95.3 95.2 94.6 93.5 84.7 72.8 58.4 49.4 | 93.4 93.7 90.9 69.4 54.6 47.4 38 34.2 | RRRKKKCC
                    ResNet18, SAP(.5,1) | 100 69.7 37.1 22.5 14.3 9.3 4.9 2.5 | .303 .281 .236 .199 .197 .20 .20 .204 | 95.3 95.3 95.2 95.1 95.0 94.9 94.7 94.5 | 95.3 95.3 95.2 95.1 95.0 94.9 94.7 94.5 | RRRRRRRR
                    """)
    void shouldNameThePhasesOfThePublishedCurves(
            String name,
            String remaining,
            String pqi,
            String accuracy,
            String pruned,
            String phases) {
        double[] left = numbers(remaining);
        double[] indices = numbers(pqi);
        double[] accuracies = numbers(accuracy);
        double[] justPruned = numbers(pruned);
        PqiTrend trend = null;
        var named = new StringBuilder();
        for (int t = 0; t < indices.length; t++) {
            trend =
                    PhaseDetector.next(
                            trend,
                            new Sighting(
                                    t == 0 ? 1 : left[t] / left[t - 1],
                                    indices[t],
                                    null,
                                    accuracies[t],
                                    t == 0 ? null : justPruned[t - 1],
                                    accuracies[0]));
            named.append(Phases.letter(trend.phase()));
        }

        assertThat(named).hasToString(phases);
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
