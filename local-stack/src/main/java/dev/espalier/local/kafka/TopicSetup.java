// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.kafka;

import dev.espalier.local.host.LocalStackException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Brings a broker's topics to what is asked for: creates the missing ones and sets the
 * configuration of those that exist. It never deletes a topic and never changes a number of
 * partitions, which would scatter a key.
 */
public final class TopicSetup {
    private static final short REPLICAS = 1;
    private static final int MOST_ATTEMPTS = 300;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private TopicSetup() {}

    public static void ensure(String bootstrapServers, List<TopicSpec> topics) {
        if (topics.isEmpty()) {
            return;
        }
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "client.id",
                        "local-stack-topics",
                        "enable.metrics.push",
                        "false",
                        "default.api.timeout.ms",
                        30_000);
        try (Admin admin = Admin.create(config)) {
            Set<String> existing = admin.listTopics().names().get();
            Map<Boolean, List<TopicSpec>> byPresence =
                    topics.stream()
                            .collect(Collectors.partitioningBy(t -> existing.contains(t.name())));
            create(admin, byPresence.getOrDefault(false, List.of()));
            configure(admin, byPresence.getOrDefault(true, List.of()));
            awaitLeaders(admin, topics);
        } catch (ExecutionException e) {
            throw new LocalStackException("Cannot create the topics", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while creating the topics", e);
        }
    }

    private static void create(Admin admin, List<TopicSpec> topics)
            throws ExecutionException, InterruptedException {
        List<NewTopic> missing =
                topics.stream()
                        .map(
                                t ->
                                        new NewTopic(t.name(), t.partitions(), REPLICAS)
                                                .configs(t.config()))
                        .toList();
        admin.createTopics(missing).all().get();
    }

    /**
     * The controller knows the topics before the broker leads their partitions, after a start too.
     * Asking for an offset goes to the leader, and is repeated until there is one.
     */
    private static void awaitLeaders(Admin admin, List<TopicSpec> topics)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicDescription topic : described(admin, topics)) {
            topic.partitions()
                    .forEach(
                            p ->
                                    partitions.put(
                                            new TopicPartition(topic.name(), p.partition()),
                                            OffsetSpec.latest()));
        }
        admin.listOffsets(partitions).all().get();
    }

    /** A broker that is busy may answer for a while that it does not know what was just created. */
    private static Collection<TopicDescription> described(Admin admin, List<TopicSpec> topics)
            throws ExecutionException, InterruptedException {
        List<String> names = topics.stream().map(TopicSpec::name).toList();
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.describeTopics(names).allTopicNames().get().values();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void configure(Admin admin, List<TopicSpec> topics)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes =
                topics.stream()
                        .filter(t -> !t.config().isEmpty())
                        .collect(Collectors.toMap(TopicSetup::resource, TopicSetup::settings));
        admin.incrementalAlterConfigs(changes).all().get();
    }

    private static ConfigResource resource(TopicSpec topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static Collection<AlterConfigOp> settings(TopicSpec topic) {
        return topic.config().entrySet().stream()
                .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
                .map(e -> new AlterConfigOp(e, AlterConfigOp.OpType.SET))
                .toList();
    }
}
