// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsCatalogueTest {

    private static final Set<String> SERVICES =
            Set.of(
                    "all",
                    "trainer-service",
                    "pqi-service",
                    "pruning-controller",
                    "metrics-dashboard");
    private static final Set<String> KINDS =
            Set.of("counter", "gauge", "histogram", "info", "state set");
    private static final MetricsCatalogue SMALL =
            MetricsCatalogue.of(
                    "| `espalier_events_total` | all | counter | `type`; `outcome`: `processed`, `duplicate` | Records |",
                    "| `espalier_epoch_duration_seconds` | trainer-service | histogram | | Duration |");
    private static final String GOOD =
            """
            # HELP espalier_events_total Records
            # TYPE espalier_events_total counter
            espalier_events_total{outcome="processed",type="a.b"} 1.0
            espalier_events_total{outcome="duplicate",type="a.b"} 0.0
            # HELP jvm_info This
            jvm_info 1.0
            """;

    @Test
    void shouldListMetricsWithRulesOfPrometheus() {
        assertThat(MetricsCatalogue.read().metrics())
                .hasSizeGreaterThan(30)
                .allSatisfy(
                        metric -> {
                            assertThat(SERVICES).containsAll(metric.services());
                            assertThat(KINDS).contains(metric.kind());
                            assertThat(metric.meaning()).isNotBlank().doesNotEndWith(".");
                            assertThat(metric.name().endsWith("_total"))
                                    .as(metric.name())
                                    .isEqualTo(metric.kind().equals("counter"));
                        });
    }

    @Test
    void shouldFindNoFaultInAScrapeThatAgrees() {
        assertThat(SMALL.faults("pqi-service", GOOD)).isEmpty();
        assertThat(
                        SMALL.faults(
                                "pqi-service",
                                GOOD.replace("HELP espalier_events_total", "HELP espalier_events")))
                .isEmpty();
    }

    @Test
    void shouldFindEveryKindOfDifference() {
        assertThat(SMALL.faults("trainer-service", GOOD))
                .containsExactly("trainer-service does not export espalier_epoch_duration_seconds");
        assertThat(SMALL.faults("pqi-service", GOOD + "espalier_epoch_duration_seconds_count 0\n"))
                .singleElement()
                .asString()
                .contains("exports espalier_epoch_duration_seconds_count");
        assertThat(SMALL.faults("pqi-service", GOOD.replace("total counter", "total gauge")))
                .containsExactly("espalier_events_total is a gauge, not a counter");
        assertThat(SMALL.faults("pqi-service", GOOD.replace("total Records", "total Others")))
                .containsExactly(
                        "espalier_events_total: HELP is 'Others', docs/metrics.md says 'Records'");
        assertThat(SMALL.faults("pqi-service", GOOD.replace("type=", "kind=")))
                .contains(
                        "espalier_events_total has the labels [kind, outcome], not [type, outcome]");
        assertThat(SMALL.faults("pqi-service", GOOD.replace("\"duplicate\"", "\"again\"")))
                .containsExactly(
                        "espalier_events_total has the values [again, processed] of outcome; known are [duplicate, processed]",
                        "espalier_events_total counts [again, processed] of outcome from the start, not [duplicate, processed]");
        assertThat(SMALL.faults("pqi-service", GOOD.replace(" 0.0", " NaN")))
                .containsExactly("espalier_events_total is NaN");
    }

    @Test
    void shouldSeeAHistogramAsOneMetric() {
        String histogram =
                """
                # HELP espalier_epoch_duration_seconds Duration
                # TYPE espalier_epoch_duration_seconds histogram
                espalier_epoch_duration_seconds_bucket{le="0.1"} 0.0
                espalier_epoch_duration_seconds_bucket{le="+Inf"} 0.0
                espalier_epoch_duration_seconds_count 0
                espalier_epoch_duration_seconds_sum 0.0
                # TYPE espalier_epoch_duration_seconds_max gauge
                espalier_epoch_duration_seconds_max 0.0
                """;

        assertThat(SMALL.faults("trainer-service", GOOD + histogram)).isEmpty();
        assertThat(
                        SMALL.faults(
                                "trainer-service",
                                GOOD + histogram.replace("seconds histogram", "seconds summary")))
                .containsExactly("espalier_epoch_duration_seconds is a summary, not a histogram");
    }
}
