// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.espalier.schemas.sparsity.PqiTrend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs of our own, of which the numbers are kept beside this class. */
class RecordedRunsTest {

    private record Row(
            String run,
            double active,
            @Nullable Double pqi,
            @Nullable Double prunedPqi,
            @Nullable Double accuracy,
            @Nullable Double prunedAccuracy) {

        static Row of(String line) {
            String[] cells = line.split(",", -1);
            return new Row(
                    cells[0],
                    Double.parseDouble(cells[2]),
                    number(cells[3]),
                    number(cells[4]),
                    number(cells[5]),
                    number(cells[6]));
        }

        private static @Nullable Double number(String cell) {
            return cell.equals("-") ? null : Double.valueOf(cell);
        }
    }

    private static List<Row> rows(String run) throws IOException {
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        RecordedRunsTest.class.getResourceAsStream(
                                                "recorded-runs.csv")),
                                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("run,"))
                    .map(Row::of)
                    .filter(row -> row.run().equals(run))
                    .toList();
        }
    }

    /** The first two lose more than 0.02 of their accuracy at iterations 3 and 2. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "SAP(1 2) - gamma 3, RRKKCCC",
        "SAP(1 2) - gamma 3 - weight decay 0.01, RRKCCCC",
        "half of the weights each time - 1 epoch, RRRRRKKKKKK",
        "SAP(1 2), RRRRRRRRRRRRRRR",
        "SAP(.5 1), RRRRRRRRRRRRRRR"
    })
    void shouldNameCompressionBeforeCollapse(String run, String phases) throws IOException {
        List<Row> rows = rows(run);
        PqiTrend trend = null;
        var named = new StringBuilder();
        for (int t = 0; t < rows.size(); t++) {
            Row row = rows.get(t);
            Row before = t == 0 ? null : rows.get(t - 1);
            trend =
                    PhaseDetector.next(
                            trend,
                            new Sighting(
                                    before == null ? 1 : row.active() / before.active(),
                                    row.pqi(),
                                    before == null ? null : before.prunedPqi(),
                                    row.accuracy(),
                                    row.prunedAccuracy(),
                                    rows.getFirst().accuracy()));
            named.append(Phases.letter(trend.phase()));
        }

        assertThat(named).hasToString(phases);
    }
}
