// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import dev.espalier.local.kafka.ContractTopics;
import dev.espalier.local.kafka.TopicSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * @param dataFolder holds everything that outlives the process
 * @param kafkaPort 0 for any free one
 * @param storePort 0 for any free one
 * @param bucket is created if it does not exist
 * @param topics are created if they do not exist
 */
public record LocalStackConfig(
        Path dataFolder, int kafkaPort, int storePort, String bucket, List<TopicSpec> topics) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final int MAX_PORT = 65_535;

    public LocalStackConfig {
        requirePort("Kafka", kafkaPort);
        requirePort("the object store", storePort);
        if (kafkaPort != 0 && kafkaPort == storePort) {
            throw new IllegalArgumentException(
                    "Kafka and the object store cannot both have port " + kafkaPort);
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not the name of a bucket: 3 to 63 of a-z, 0-9, '-' and '.'"
                            .formatted(bucket));
        }
        topics = List.copyOf(topics);
    }

    /** Free ports, the bucket {@code espalier}, the topics of the contract. */
    public static LocalStackConfig in(Path dataFolder) {
        return new LocalStackConfig(dataFolder, 0, 0, "espalier", ContractTopics.all());
    }

    public LocalStackConfig withPorts(int kafka, int store) {
        return new LocalStackConfig(dataFolder, kafka, store, bucket, topics);
    }

    public LocalStackConfig withBucket(String name) {
        return new LocalStackConfig(dataFolder, kafkaPort, storePort, name, topics);
    }

    public LocalStackConfig withTopics(List<TopicSpec> specs) {
        return new LocalStackConfig(dataFolder, kafkaPort, storePort, bucket, specs);
    }

    private static void requirePort(String purpose, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "The port for %s is %d, not 0 to %d".formatted(purpose, port, MAX_PORT));
        }
    }
}
