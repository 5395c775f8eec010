// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.kafka;

import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.host.Ports;
import dev.espalier.schemas.Topic;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node, broker and controller in one, on the loopback address. {@code KafkaRaftServer} is
 * not a public API of Kafka, so every use of it is in this class. It can be stopped and started
 * again on the same folder and port.
 */
public final class EmbeddedKafka {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private final Consumer<LocalStackException> onFailure;
    private @Nullable KafkaRaftServer server;

    public EmbeddedKafka(Path folder, int port, Consumer<LocalStackException> onFailure) {
        this.folder = folder;
        this.port = port;
        this.onFailure = onFailure;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Returns when the broker accepts requests; after an unclean stop that takes some 12 s. */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        KafkaExit.listen(onFailure);
        KafkaRaftServer starting = null;
        try {
            format();
            starting = new KafkaRaftServer(new KafkaConfig(properties(), false), Time.SYSTEM);
            starting.startup();
            server = starting;
        } catch (Exception e) {
            if (starting != null) {
                shutdown(starting);
            }
            KafkaExit.forget(onFailure);
            throw new LocalStackException(
                    "The Kafka broker did not start on port %d with its data in %s"
                            .formatted(port, folder),
                    e);
        }
    }

    public synchronized void stop() {
        if (server != null) {
            shutdown(server);
            server = null;
            KafkaExit.forget(onFailure);
        }
    }

    /** Waits for a bounded time: a broker whose controller is gone can wait for it for ever. */
    private static void shutdown(KafkaRaftServer server) {
        Thread thread =
                Thread.ofPlatform()
                        .name("kafka-stop")
                        .daemon()
                        .start(
                                () -> {
                                    server.shutdown();
                                    server.awaitShutdown();
                                });
        try {
            if (!thread.join(STOP_WITHIN)) {
                LOGGER.warn("The Kafka broker did not stop within {}; left behind", STOP_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void format() throws Exception {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(folder);
        Formatter formatter = new Formatter();
        formatter
                .setPrintStream(
                        new PrintStream(
                                OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(folder.toString())
                .addDirectory(folder.toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setIgnoreFormatted(true);
        formatter.run();
    }

    private Properties properties() {
        int controllerPort = Ports.free();
        Properties p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", "1");
        // A static voter may change its port from one start to the next.
        p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        p.setProperty(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(port, controllerPort));
        p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("log.dirs", folder.toString());
        p.setProperty("offsets.topic.replication.factor", "1");
        p.setProperty("offsets.topic.num.partitions", "1");
        p.setProperty("transaction.state.log.replication.factor", "1");
        p.setProperty("transaction.state.log.min.isr", "1");
        p.setProperty("transaction.state.log.num.partitions", "1");
        p.setProperty("share.coordinator.state.topic.replication.factor", "1");
        p.setProperty("share.coordinator.state.topic.min.isr", "1");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("num.network.threads", "2");
        p.setProperty("num.io.threads", "4");
        // The default of 128 MiB would be two fifths of this process.
        p.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        p.setProperty("message.max.bytes", Integer.toString(Topic.MAX_DEAD_LETTER_BYTES));
        return p;
    }
}
