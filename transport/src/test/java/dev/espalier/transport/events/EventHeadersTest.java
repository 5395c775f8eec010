// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.EpochCompleted;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the protocol documents of headers and numbers is checked. */
final class EventHeadersTest {

    private final EventCodec codec =
            new EventCodec("/test", InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    private final ProducerRecord<String, byte[]> good =
            codec.write(
                    new EpochCompleted(
                            new RunId("mnist"),
                            3,
                            1,
                            10,
                            0.1,
                            2.5,
                            List.of(new Metric("loss", "train", 0.25))));

    private ConsumerRecord<String, byte[]> with(String header, @Nullable String value) {
        var record = new ConsumerRecord<>(good.topic(), 0, 7, good.key(), good.value());
        good.headers().forEach(record.headers()::add);
        record.headers().remove(header);
        if (value != null) {
            record.headers().add(header, value.getBytes(UTF_8));
        }
        return record;
    }

    private ConsumerRecord<String, byte[]> withData(String data) {
        var record = new ConsumerRecord<>(good.topic(), 0, 7, good.key(), data.getBytes(UTF_8));
        good.headers().forEach(record.headers()::add);
        return record;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    content-type | text/plain                         | not application/json
                    content-type | application/cloudevents+json       | not application/json
                    content-type | application/jsonx                  | not application/json
                    content-type |                                    | the header content-type is missing
                    ce_id        | ''                                 | not a text
                    ce_id        | mnist/3/snapshot                   | not mnist/3/epoch-1
                    ce_id        |                                    | the header ce_id is missing
                    ce_time      | yesterday                          | RFC 3339
                    ce_source    | a b                                | a URI reference
                    ce_source    |                                    | the header ce_source is missing
                    ce_specversion | 0.3                              | not 1.0
                    """)
    void shouldRefuseHeadersThatAreNotAsDocumented(
            String header, @Nullable String value, String message) {
        assertThatThrownBy(() -> codec.read(with(header, value)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("espalier.progress-0@7")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    content-type | application/json; charset=utf-8
                    content-type | Application/JSON
                    ce_time      | 2026-11-20T09:30:00.123+01:00
                    ce_time      |
                    ce_source    | urn:example:trainer
                    ce_extra     | anything
                    """)
    void shouldTakeWhatIsDocumented(String header, @Nullable String value) {
        assertThat(codec.read(with(header, value)).id()).isEqualTo("mnist/3/epoch-1");
    }

    @Test
    void shouldEscapeAndCutAForeignType() {
        assertThatThrownBy(
                        () -> codec.read(with("ce_type", "a\n\u001b[31mERROR " + "x".repeat(500))))
                .hasMessageContaining("unknown event type 'a\\u000a\\u001b[31mERROR xxx")
                .extracting(e -> e.getMessage().length())
                .satisfies(length -> assertThat(length).isLessThan(300));
    }

    @Test
    void shouldRefuseAHugeHeader() {
        assertThatThrownBy(() -> codec.read(with("ce_id", "x".repeat(900_000))))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("ce_id has 900000 bytes, more than 1024");
    }

    @Test
    void shouldNameTheMetricThatIsNaN() {
        String data = new String(good.value(), UTF_8).replace("0.25", "NaN");

        assertThatThrownBy(() -> codec.read(withData(data)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("metric loss is NaN")
                .hasMessageContaining("\nTry: leave the metric out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "Infinity"})
    void shouldNameTheFieldThatIsNotFinite(String number) {
        String data = new String(good.value(), UTF_8).replace("2.5", number);

        assertThatThrownBy(() -> codec.read(withData(data)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("the field durationSeconds is")
                .hasMessageContaining("Infinity");
    }

    @Test
    void shouldCutAHugeValue() {
        String data =
                new String(good.value(), UTF_8).replace("2.5", "\"" + "x".repeat(950_000) + "\"");

        assertThatThrownBy(() -> codec.read(withData(data)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("durationSeconds")
                .extracting(e -> e.getMessage().getBytes(UTF_8).length)
                .satisfies(bytes -> assertThat(bytes).isLessThanOrEqualTo(1024));
    }

    @Test
    void shouldSayWhereTheDataIsNoJson() {
        assertThatThrownBy(() -> codec.read(withData("{\"runId\": mnist}")))
                .hasMessageContaining("the data is not JSON: at line 1, column")
                .hasMessageContaining("mnist");
    }
}
