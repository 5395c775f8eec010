// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.dashboard.testing.Browser;
import dev.espalier.dashboard.testing.Publisher;
import dev.espalier.dashboard.testing.ScriptedRun;
import dev.espalier.dashboard.testing.StackResource;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.TrainerKind;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(StackResource.class)
class DashboardIT {

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
        await().until(() -> browser.get("/q/health/ready").statusCode() == 200);
    }

    @AfterEach
    void close() {
        publisher.close();
        browser.close();
    }

    @Test
    void shouldShowARunThatTheTopicsTellOf() {
        var run = new ScriptedRun("whole", TrainerKind.ESPALIER, 3, Instant.now());

        run.all().forEach(publisher::publish);

        await().untilAsserted(
                        () -> {
                            JsonNode shown = browser.json("/runs/whole");
                            assertThat(shown.at("/state").asText()).isEqualTo("completed");
                            assertThat(shown.at("/history")).hasSize(4);
                        });
        JsonNode shown = browser.json("/runs/whole");
        assertThat(shown.at("/runId").asText()).isEqualTo("whole");
        assertThat(shown.at("/specification/dataset/name").asText()).isEqualTo("wave-source");
        assertThat(shown.at("/iterations").asInt()).isEqualTo(3);
        assertThat(shown.at("/policy/version").asText()).isEqualTo("aa18ec1240ea");
        for (int t = 0; t < 3; t++) {
            JsonNode iteration = shown.at("/history/" + t);
            assertThat(iteration.at("/verdict").asText()).isEqualTo("prune");
            assertThat(iteration.at("/active").asLong() - iteration.at("/pruned").asLong())
                    .isEqualTo(run.active(t + 1));
            assertThat(iteration.at("/pqi")).hasSize(2);
        }
        assertThat(shown.at("/history/3/verdict").asText()).isEqualTo("stop");
        assertThat(shown.at("/startedAt").asText()).endsWith("Z");
    }

    @Test
    void shouldFilterByStatus() {
        var waiting = new ScriptedRun("waiting", TrainerKind.ESPALIER, 3, Instant.now());
        publisher.publish(waiting.requested());
        publisher.publish(waiting.status(ReportedState.PAUSED, 1, 0));

        await().untilAsserted(
                        () ->
                                assertThat(
                                                browser.json("/runs?status=paused")
                                                        .findValuesAsText("runId"))
                                        .containsExactly("waiting"));
        assertThat(browser.json("/runs?status=failed")).isEmpty();
    }

    @Test
    void shouldSayWhatIsWrongWithARequest() {
        var unknown = browser.get("/runs/nobody");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("content-type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(browser.parse(unknown.body()).at("/code").asText()).isEqualTo("run-unknown");

        assertThat(browser.json("/runs?status=resting").at("/code").asText())
                .isEqualTo("status-unknown");
        assertThat(browser.json("/runs/NO_ID").at("/code").asText()).isEqualTo("run-id-invalid");
    }

    @Test
    void shouldStreamTheLastStateFirstAndThenChanges() throws IOException {
        var run = new ScriptedRun("streamed", TrainerKind.ESPALIER, 3, Instant.now());
        publisher.publish(run.requested());
        publisher.publish(run.status(ReportedState.RUNNING, 0, 0));
        await().until(() -> browser.get("/runs/streamed").body().contains("\"running\""));

        try (var lines =
                new BufferedReader(new InputStreamReader(browser.stream("/runs/events"), UTF_8))) {
            JsonNode first = next(lines);
            assertThat(first.at("/caughtUp").asBoolean()).isTrue();
            assertThat(first.at("/runs").findValuesAsText("runId")).contains("streamed");

            publisher.publish(run.snapshot(0));

            JsonNode second = next(lines);
            assertThat(second.at("/runs")).hasSize(1);
            assertThat(second.at("/runs/0/runId").asText()).isEqualTo("streamed");
            assertThat(second.at("/runs/0/phase").asText()).isEqualTo("measuring");
        }
    }

    @Test
    void shouldGiveARunNamedLikeTheStreamToWhoAsksForJson() {
        publisher.publish(
                new ScriptedRun("events", TrainerKind.EXTERNAL, 3, Instant.now()).requested());

        await().untilAsserted(
                        () ->
                                assertThat(browser.getAs("/runs/events", "application/json").body())
                                        .contains("\"runId\":\"events\""));
    }

    @Test
    void shouldGoOnAfterARecordThatIsNoEvent() {
        publisher.send(
                new ProducerRecord<>("espalier.snapshots", "broken", "no json".getBytes(UTF_8)));
        publisher.send(new ProducerRecord<>("espalier.runs", "Not An Id", null));
        publisher.publish(
                new ScriptedRun("after-it", TrainerKind.EXTERNAL, 3, Instant.now()).requested());

        await().until(() -> browser.get("/runs/after-it").statusCode() == 200);
        assertThat(browser.get("/runs/broken").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldServeThePageWithEverythingItNames() {
        String page = browser.get("/").body();

        Matcher named =
                Pattern.compile("(?:src|href)=\"(/[^\"]+\\.(?:js|css|svg))\"").matcher(page);
        int count = 0;
        while (named.find()) {
            assertThat(browser.get(named.group(1)).statusCode()).as(named.group(1)).isEqualTo(200);
            count++;
        }
        assertThat(count).isEqualTo(4);
        assertThat(page).contains("/webjars/chart.js/");
        assertThat(browser.get("/").headers().firstValue("content-security-policy"))
                .hasValueSatisfying(
                        policy ->
                                assertThat(policy)
                                        .contains("default-src 'none'", "script-src 'self'"));
        assertThat(browser.get("/").headers().firstValue("cache-control")).hasValue("no-cache");
    }

    @Test
    void shouldDescribeItself() {
        assertThat(browser.get("/q/openapi").body()).contains("/runs/{id}", "/runs/events");
    }

    private JsonNode next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data:")) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        return browser.parse(line.substring("data:".length()));
    }
}
