// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer;

import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.testing.Stores;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import dev.espalier.transport.objects.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The user, pqi-service and pruning-controller, as far as the trainer can tell. */
final class Counterpart implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final ObjectStore store;
    private final EventCodec codec = new EventCodec("/test", Clock.systemUTC());
    private final KafkaProducer<String, byte[]> producer;
    private final TopicFollower follower;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    Counterpart(LocalStack stack) {
        Map<String, Object> kafka = Map.of("bootstrap.servers", stack.bootstrapServers());
        this.producer =
                new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
        this.store = Stores.of(stack);
        this.follower =
                TopicFollower.follow(
                        Set.of(Topic.RUN_STATUS, Topic.PROGRESS, Topic.SNAPSHOTS),
                        codec,
                        kafka,
                        new Recorder());
    }

    void send(Event event) {
        send(codec.write(event));
    }

    void send(ProducerRecord<String, byte[]> message) {
        try {
            producer.send(message).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("message not taken", e);
        }
    }

    void decide(RunId run, int iteration, Verdict verdict, @Nullable ArtifactRef mask) {
        send(
                new PruningDecided(
                        run,
                        iteration,
                        verdict,
                        verdict == Verdict.STOP ? Outcome.COMPLETED : null,
                        new Reason("test", "decided by a test"),
                        new PolicyRef("test", "000000000000", "built-in"),
                        mask,
                        10,
                        10,
                        0,
                        1,
                        null,
                        List.of(),
                        List.of()));
    }

    ArtifactRef putMask(RunId run, int iteration, Mask mask) throws IOException {
        Path file = Files.createTempFile("mask-", ".safetensors");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                MaskCodec.write(out, mask);
            }
            return store.upload(ObjectKey.mask(run, iteration), file);
        } finally {
            Files.delete(file);
        }
    }

    <E extends Event> Stream<E> of(RunId run, Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.key().equals(run.value()));
    }

    SnapshotPublished awaitSnapshot(RunId run, int iteration) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                of(run, SnapshotPublished.class)
                                        .filter(s -> s.iteration() == iteration)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    RunStatus awaitState(RunId run, ReportedState state) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                of(run, RunStatus.class)
                                        .reduce((_, last) -> last)
                                        .filter(s -> s.state() == state),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        follower.close();
        producer.close();
        store.close();
    }

    private final class Recorder implements TopicFollower.Listener {

        @Override
        public void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> message) {
            events.add(received.event());
        }

        @Override
        public void onTombstone(ConsumerRecord<String, byte[]> message) {}

        @Override
        public void onMalformed(
                ConsumerRecord<String, byte[]> message, MalformedEventException reason) {
            throw new AssertionError("the trainer wrote an invalid event", reason);
        }
    }
}
