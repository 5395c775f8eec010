// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Metric;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.sparsity.NormPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

final class EventCodecTest {

    private static final RunId RUN = new RunId("run-1");
    private static final SnapshotPublished SNAPSHOT =
            new SnapshotPublished(
                    RUN,
                    3,
                    ArtifactRef.of(
                            "espalier", ObjectKey.weights(RUN, 3), Sha256.of(new byte[] {1}), 1),
                    null,
                    List.of(new Metric("accuracy", "test", 0.97)),
                    List.of(new NormPair(0.5, 1)));

    private final EventCodec codec =
            new EventCodec(
                    "/test", Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));

    @Test
    void shouldReadBackWhatItWrites() {
        // When
        Received<Event> received = codec.read(received(codec.write(SNAPSHOT, "the-cause")));

        // Then
        assertThat(received.event()).isEqualTo(SNAPSHOT);
        assertThat(received.id()).isEqualTo("run-1/3/snapshot");
        assertThat(received.source()).isEqualTo("/test");
    }

    @Test
    void shouldWriteTheHeadersOfBinaryMode() {
        // When
        ProducerRecord<String, byte[]> record = codec.write(SNAPSHOT, "the-cause");

        // Then
        assertThat(record.topic()).isEqualTo("espalier.snapshots");
        assertThat(record.key()).isEqualTo("run-1");
        assertThat(header(record.headers(), "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record.headers(), "ce_type"))
                .isEqualTo("dev.espalier.snapshot.published.v1");
        assertThat(header(record.headers(), "ce_subject")).isEqualTo("runs/run-1/iterations/3");
        assertThat(header(record.headers(), "ce_time")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(header(record.headers(), "ce_sequence")).isEqualTo("000003");
        assertThat(header(record.headers(), "ce_causationid")).isEqualTo("the-cause");
        assertThat(header(record.headers(), "content-type")).isEqualTo("application/json");
    }

    @Test
    void shouldIgnoreFieldsThatItDoesNotKnow() {
        // Given
        ConsumerRecord<String, byte[]> record =
                withData(text -> text.replaceFirst("\\{", "{\"later\":{\"than\":\"v1\"},"));

        // When
        Received<Event> received = codec.read(record);

        // Then
        assertThat(received.event()).isEqualTo(SNAPSHOT);
    }

    @Test
    void shouldRefuseWhatIsNoJson() {
        assertThatThrownBy(() -> codec.read(withData(text -> text.substring(1))))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("espalier.snapshots-0@7: the data is not JSON");
    }

    @Test
    void shouldNameTheFieldThatBreaksTheSchema() {
        assertThatThrownBy(
                        () ->
                                codec.read(
                                        withData(
                                                text ->
                                                        text.replace(
                                                                "\"iteration\":3",
                                                                "\"iteration\":\"three\""))))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("iteration")
                .hasMessageContaining("three");
    }

    @Test
    void shouldPassOnWhatTheRecordRefuses() {
        assertThatThrownBy(
                        () -> codec.read(withData(text -> text.replace("\"p\":0.5", "\"p\":2.5"))))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("p is 2.5 and q is 1.0: p must be below q");
    }

    @Test
    void shouldRefuseAnEventWithoutData() {
        assertThatThrownBy(() -> codec.read(record(codec.write(SNAPSHOT).headers(), null)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("has no data");
    }

    @Test
    void shouldRefuseAKeyThatIsNotTheRun() {
        // Given
        ProducerRecord<String, byte[]> written = codec.write(SNAPSHOT);
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>("espalier.snapshots", 0, 7, "run-2", written.value());
        written.headers().forEach(record.headers()::add);

        // Then
        assertThatThrownBy(() -> codec.read(record))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("the key is 'run-2', the event is of 'run-1'");
    }

    @Test
    void shouldRefuseATypeOnTheWrongTopic() {
        // Given
        ProducerRecord<String, byte[]> written = codec.write(SNAPSHOT);
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(
                        Topic.DECISIONS.topicName(), 0, 7, written.key(), written.value());
        written.headers().forEach(record.headers()::add);

        // Then
        assertThatThrownBy(() -> codec.read(record))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("belongs on espalier.snapshots");
    }

    @Test
    void shouldSayWhichHeaderIsMissing() {
        // Given
        ProducerRecord<String, byte[]> written = codec.write(SNAPSHOT);
        written.headers().remove("ce_id");

        // Then
        assertThatThrownBy(() -> codec.read(received(written)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("ce_id is missing");
    }

    @Test
    void shouldRefuseAnotherTypeThanTheOneWanted() {
        assertThatThrownBy(() -> codec.read(received(codec.write(SNAPSHOT)), PruningDecided.class))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("a PruningDecided is wanted, this is a SnapshotPublished");
    }

    private ConsumerRecord<String, byte[]> withData(
            java.util.function.UnaryOperator<String> change) {
        ProducerRecord<String, byte[]> written = codec.write(SNAPSHOT);
        String before = new String(written.value(), UTF_8);
        String after = change.apply(before);
        assertThat(after).as("the change must change something").isNotEqualTo(before);
        return record(written.headers(), after.getBytes(UTF_8));
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> record) {
        return record(record.headers(), record.value());
    }

    private static ConsumerRecord<String, byte[]> record(Headers headers, byte[] value) {
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>("espalier.snapshots", 0, 7, "run-1", value);
        headers.forEach(record.headers()::add);
        return record;
    }

    private static String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), UTF_8);
    }
}
