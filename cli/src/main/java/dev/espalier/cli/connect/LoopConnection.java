// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.cli.CliException;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.transport.events.EventCodec;
import dev.espalier.transport.events.TopicFollower;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A loop that was found alive: its topics can be read, and events be sent. */
public final class LoopConnection {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration READ_WITHIN = Duration.ofMinutes(2);

    private final LoopAddress address;
    private final EventCodec codec;
    private final Map<String, Object> kafkaConfig;

    private LoopConnection(LoopAddress address, Clock clock) {
        this.address = address;
        this.codec = new EventCodec("/cli", clock);
        this.kafkaConfig =
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address.bootstrapServers());
    }

    /**
     * @throws CliException where the broker does not answer, or is of another system
     */
    public static LoopConnection open(LoopAddress address, Clock clock) {
        LoopConnection loop = new LoopConnection(address, clock);
        loop.requireTopics();
        return loop;
    }

    public LoopAddress address() {
        return address;
    }

    private void requireTopics() {
        Map<String, Object> config = new HashMap<>(kafkaConfig);
        int millis = (int) ANSWER_WITHIN.toMillis();
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        Set<String> topics;
        try (Admin admin = Admin.create(config)) {
            topics = admin.listTopics().names().get(ANSWER_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e);
        } catch (KafkaException e) {
            throw wrongAddress(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        List<String> missing =
                Stream.of(Topic.values())
                        .map(Topic::topicName)
                        .filter(name -> !topics.contains(name))
                        .toList();
        if (!missing.isEmpty()) {
            throw CliException.failure(
                    "the broker at %s has no topic %s\nMaybe it is not the broker of Espalier"
                            .formatted(
                                    address.bootstrapServers(), String.join(" and no ", missing)));
        }
    }

    /** Everything that the topics hold now. */
    public LoopView read(Topic first, Topic... others) {
        LoopView view = new LoopView();
        try (TopicFollower follower = follow(EnumSet.of(first, others), view)) {
            if (!follower.awaitCaughtUp(READ_WITHIN)) {
                throw CliException.failure(
                        "the topics at %s could not be read within %d s"
                                .formatted(address.bootstrapServers(), READ_WITHIN.toSeconds()));
            }
            return view;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Hears of everything, from the beginning on. */
    public TopicFollower follow(Set<Topic> topics, TopicFollower.Listener listener) {
        return TopicFollower.follow(topics, codec, kafkaConfig, listener);
    }

    /** Returns when the event is safe with the broker. */
    public void send(Event event) {
        Map<String, Object> config = new HashMap<>(kafkaConfig);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_WITHIN.toMillis());
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        try (var producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(codec.write(event)).get();
        } catch (ExecutionException e) {
            throw CliException.failure(
                    "the broker at %s did not take the event %s: %s"
                            .formatted(
                                    address.bootstrapServers(),
                                    event.eventId(),
                                    text(e.getCause() == null ? e : e.getCause())),
                    e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Sends a policy, and waits for what the controller says to it.
     *
     * @return empty where nobody answers in time
     */
    public Optional<PolicyStatus> ask(PolicySelected selected, Duration atMost) {
        var answer = new AwaitedAnswer(selected.eventId());
        try (TopicFollower _ = follow(EnumSet.of(Topic.POLICY_STATUS), answer)) {
            send(selected);
            return answer.await(atMost);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private CliException unreachable(Exception cause) {
        return CliException.failure(
                "no Kafka broker answers at %s\nMaybe start the stack: ./espalier up; or name another broker with --kafka"
                        .formatted(address.bootstrapServers()),
                cause);
    }

    private CliException wrongAddress(KafkaException error) {
        @Nullable Throwable cause = error.getCause() == null ? error : error.getCause();
        return cause instanceof ConfigException
                ? CliException.badInput(
                        "'%s' is no address of a Kafka broker: HOST:PORT is wanted, joined by commas where there are several (%s)"
                                .formatted(address.bootstrapServers(), cause.getMessage()),
                        error)
                : unreachable(error);
    }

    private static CliException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return CliException.failure("interrupted", e);
    }

    private static String text(Throwable error) {
        return error.getMessage() == null ? error.toString() : error.getMessage();
    }
}
