// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.meters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.espalier.dashboard.testing.Browser;
import dev.espalier.dashboard.testing.Publisher;
import dev.espalier.dashboard.testing.ScriptedRun;
import dev.espalier.dashboard.testing.StackResource;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(StackResource.class)
class MetricsIT {

    private static final Pattern SERIES =
            Pattern.compile("^(espalier_[a-z_]+)\\{([^}]*)} (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"[^\"]*\"");
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `(espalier_[a-z_]+)` \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|$",
                    Pattern.MULTILINE);

    @TestHTTPResource("/")
    URI root;

    private Browser browser;
    private Publisher publisher;

    @BeforeEach
    void open() {
        browser = new Browser(root);
        publisher =
                new Publisher(
                        ConfigProvider.getConfig().getValue(StackResource.BOOTSTRAP, String.class));
    }

    @AfterEach
    void close() {
        publisher.close();
        browser.close();
    }

    @Test
    void shouldScrapeWhatTheCatalogueLists() throws IOException {
        var run = new ScriptedRun("scraped", TrainerKind.ESPALIER, 5, Instant.now());
        var selected = new PolicySelected("scraped", Policy.DEFAULT, Instant.now());
        publisher.publish(run.requested());
        run.iteration(0).forEach(publisher::publish);
        publisher.publish(selected);
        publisher.publish(run.snapshot(1));
        publisher.publish(run.measured(1));
        publisher.publish(
                run.decided(
                        1,
                        Verdict.PRUNE,
                        new PolicyRef("sap-default", "0123456789ab", selected.eventId())));
        publisher.publish(run.snapshot(1));
        publisher.send(new ProducerRecord<>("espalier.policies", "scraped", "{".getBytes(UTF_8)));

        await().untilAsserted(
                        () ->
                                assertThat(scrape())
                                        .contains(
                                                "espalier_policy_swaps_total{outcome=\"refused\""));

        String scraped = scrape();
        Map<String, List<String>> shown = labelsByName(scraped);
        Map<String, List<String>> catalogue = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("METRICS.md")))
                .results()
                .forEach(row -> catalogue.put(row.group(1), words(row.group(3))));
        Map<String, List<String>> declared =
                Arrays.stream(Metrics.values())
                        .collect(Collectors.toMap(Metrics::metric, Metrics::labels));
        assertThat(catalogue).isEqualTo(new TreeMap<>(declared));
        declared.forEach(
                (name, labels) ->
                        assertThat(shown.get(name))
                                .as(name)
                                .containsExactlyInAnyOrderElementsOf(labels));
        assertThat(shown.keySet()).isEqualTo(catalogue.keySet());
    }

    @Test
    void shouldShowTheValuesOfARun() {
        var run = new ScriptedRun("valued", TrainerKind.ESPALIER, 5, Instant.now());
        publisher.publish(run.requested());
        run.iteration(0).forEach(publisher::publish);

        // The gauges are renewed one after the other, so a scrape may find some of them only.
        await().untilAsserted(() -> requireValues(run));
        assertThat(scrape()).doesNotContain("NaN} ").doesNotContainPattern("espalier_\\S+ NaN");
    }

    private void requireValues(ScriptedRun run) {
        assertThat(value("run_remaining_parameters", "valued", "")).isEqualTo((double) run.total());
        assertThat(value("run_sparsity_ratio", "valued", "kind=\"planned\""))
                .isEqualTo(1 - (double) run.active(1) / run.total());
        assertThat(value("run_sparsity_ratio", "valued", "kind=\"effective\"")).isZero();
        assertThat(value("run_accuracy_ratio", "valued", "split=\"test\""))
                .isEqualTo(run.accuracy(0));
        assertThat(value("run_shadow_pruned_ratio", "valued", "shadow=\"fixed-ratio-0.2\""))
                .isEqualTo((double) run.shadowPruned(0) / run.total());
        assertThat(value("run_shadow_overlap_ratio", "valued", "")).isCloseTo(0.5, within(1e-4));
        assertThat(value("run_state", "valued", "state=\"running\"")).isEqualTo(1);
        assertThat(value("run_state", "valued", "state=\"failed\"")).isZero();
    }

    @Test
    void shouldDropTheSeriesOfARunThatHasEnded() {
        var run = new ScriptedRun("ending", TrainerKind.ESPALIER, 1, Instant.now());
        publisher.publish(run.requested());
        run.iteration(0).forEach(publisher::publish);
        await().until(() -> scrape().contains("run_id=\"ending\""));

        publisher.publish(run.status(ReportedState.COMPLETED, 1, 1));

        await().until(() -> !scrape().contains("run_id=\"ending\""));
        assertThat(browser.get("/runs/ending").statusCode()).isEqualTo(200);
    }

    private double value(String name, String run, String label) {
        return SERIES.matcher(scrape())
                .results()
                .filter(series -> series.group(1).equals("espalier_" + name))
                .filter(series -> series.group(2).contains("run_id=\"" + run + "\""))
                .filter(series -> series.group(2).contains(label))
                .map(series -> Double.parseDouble(series.group(3)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static Map<String, List<String>> labelsByName(String scraped) {
        return SERIES.matcher(scraped)
                .results()
                .collect(
                        Collectors.toMap(
                                series -> series.group(1),
                                MetricsIT::labels,
                                (first, second) -> first,
                                TreeMap::new));
    }

    private static List<String> labels(MatchResult series) {
        return LABEL.matcher(series.group(2)).results().map(label -> label.group(1)).toList();
    }

    private static List<String> words(String cell) {
        return Arrays.stream(cell.split(",", -1))
                .map(word -> word.replace("`", "").strip())
                .toList();
    }

    private String scrape() {
        return browser.getAs("/q/metrics", "text/plain").body();
    }
}
