// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.kafka;

import dev.espalier.schemas.Topic;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How to reach Kafka. Every client of the project takes the same settings: the names of Kafka's own
 * client settings, given as {@code security.protocol} or as an environment variable {@code
 * KAFKA_SECURITY_PROTOCOL}. Later values replace earlier ones.
 */
public final class KafkaSettings {

    private static final String PREFIX = "KAFKA_";
    private static final Set<String> KNOWN =
            Stream.of(
                            ProducerConfig.configNames(),
                            ConsumerConfig.configNames(),
                            AdminClientConfig.configNames())
                    .flatMap(Set::stream)
                    .collect(Collectors.toUnmodifiableSet());

    private final Map<String, Object> values;

    private KafkaSettings(Map<String, ?> values) {
        this.values = Map.copyOf(values);
    }

    /** Takes the address of the broker and nothing else. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** Takes the settings that a Kafka client knows, and leaves the others out. */
    public static KafkaSettings of(Map<String, ?> settings) {
        return new KafkaSettings(
                settings.entrySet().stream()
                        .filter(e -> KNOWN.contains(e.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Takes each {@code KAFKA_X_Y} of an environment whose {@code x.y} a Kafka client knows. */
    public static KafkaSettings ofEnvironment(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        settings.put(
                                name.substring(PREFIX.length())
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', '.'),
                                value);
                    }
                });
        return of(settings);
    }

    /**
     * Takes a file of Java properties, as Kafka's own tools do.
     *
     * @throws IllegalArgumentException if the file cannot be read or has an unknown setting
     */
    public static KafkaSettings ofFile(Path file) {
        var properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the Kafka settings " + file, e);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(n -> settings.put(n, properties.getProperty(n)));
        for (String name : settings.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "%s sets '%s', which no Kafka client knows\nTry: use the names of Kafka's client settings, such as security.protocol"
                                .formatted(file, name));
            }
        }
        return of(settings);
    }

    /** Returns these settings, with the other ones replacing them where both are set. */
    public KafkaSettings with(KafkaSettings other) {
        Map<String, Object> merged = new HashMap<>(values);
        merged.putAll(other.values);
        return new KafkaSettings(merged);
    }

    public KafkaSettings with(String name, Object value) {
        return with(of(Map.of(name, value)));
    }

    /** The address of the broker, for messages. */
    public String bootstrapServers() {
        return String.valueOf(values.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** Settings of a consumer without a group that reads events of any legal size. */
    public Map<String, Object> consumer() {
        Map<String, Object> settings = known(ConsumerConfig.configNames());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        settings.putIfAbsent(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.MAX_DEAD_LETTER_BYTES);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /**
     * Settings of a durable producer of events and dead-letter records. An outage is reported to
     * the caller after 30 s, so that the caller can tell it.
     */
    public Map<String, Object> producer() {
        Map<String, Object> settings = known(ProducerConfig.configNames());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_DEAD_LETTER_BYTES);
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    public Map<String, Object> admin() {
        return known(AdminClientConfig.configNames());
    }

    private Map<String, Object> known(Set<String> names) {
        return values.entrySet().stream()
                .filter(e -> names.contains(e.getKey()))
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, HashMap::new));
    }

    /** Names only: values may be secret. */
    @Override
    public String toString() {
        return "KafkaSettings[%s, settings %s]"
                .formatted(bootstrapServers(), new TreeMap<>(values).keySet());
    }
}
