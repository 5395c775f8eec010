// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import dev.espalier.local.host.DataFolderInUseException;
import dev.espalier.local.host.DataLock;
import dev.espalier.local.host.LocalStackException;
import dev.espalier.local.host.PortInUseException;
import dev.espalier.local.host.Ports;
import dev.espalier.local.kafka.EmbeddedKafka;
import dev.espalier.local.kafka.TopicSetup;
import dev.espalier.local.store.EmbeddedObjectStore;
import dev.espalier.local.store.StoreCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and an S3 server in this JVM, with their data in one folder. Starting takes a few
 * seconds; starting again on the same folder finds every record and object that was acknowledged,
 * however the process ended.
 *
 * <pre>{@code
 * try (LocalStack stack = LocalStack.start(LocalStackConfig.in(folder))) {
 *     stack.bootstrapServers();
 *     stack.storeEndpoint();
 * }
 * }</pre>
 */
public final class LocalStack implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalStack.class);

    private final Path dataFolder;
    private final DataLock lock;
    private final EmbeddedKafka kafka;
    private final EmbeddedObjectStore store;
    private final StoreCredentials credentials;
    private final String bucket;
    private final Runnable afterClose;
    private final CompletableFuture<LocalStackException> failure;

    private LocalStack(
            Path dataFolder,
            DataLock lock,
            EmbeddedKafka kafka,
            EmbeddedObjectStore store,
            StoreCredentials credentials,
            String bucket,
            Runnable afterClose,
            CompletableFuture<LocalStackException> failure) {
        this.dataFolder = dataFolder;
        this.lock = lock;
        this.kafka = kafka;
        this.store = store;
        this.credentials = credentials;
        this.bucket = bucket;
        this.afterClose = afterClose;
        this.failure = failure;
    }

    /**
     * Returns when both servers accept requests and the topics and the bucket exist.
     *
     * @throws DataFolderInUseException when another stack runs on the folder
     * @throws PortInUseException when a port that was asked for is taken
     */
    public static LocalStack start(LocalStackConfig config) {
        return start(config, () -> {});
    }

    /** A stack on free ports with its data in a temporary folder, which goes with it. For tests. */
    public static LocalStack temporary() {
        Path folder;
        try {
            folder = Files.createTempDirectory("espalier-");
        } catch (IOException e) {
            throw new LocalStackException("Cannot create a temporary folder", e);
        }
        return start(LocalStackConfig.in(folder), () -> delete(folder));
    }

    private static LocalStack start(LocalStackConfig config, Runnable afterClose) {
        QuietLogging.apply();
        DataLock lock = DataLock.take(config.dataFolder());
        try {
            LocalStack stack = prepare(config, lock, afterClose);
            try {
                stack.startServers();
                TopicSetup.ensure(stack.bootstrapServers(), config.topics());
            } catch (RuntimeException e) {
                stack.stopServers();
                throw e;
            }
            LOGGER.info(
                    "Kafka on {}, object store on {}, data in {}",
                    stack.bootstrapServers(),
                    stack.storeEndpoint(),
                    stack.dataFolder());
            return stack;
        } catch (RuntimeException e) {
            lock.close();
            afterClose.run();
            throw e;
        }
    }

    private static LocalStack prepare(LocalStackConfig config, DataLock lock, Runnable afterClose) {
        int storePort = Ports.require("the object store", config.storePort());
        int kafkaPort = Ports.require("Kafka", config.kafkaPort());
        Path folder = config.dataFolder().toAbsolutePath().normalize();
        StoreCredentials credentials = StoreCredentials.inOrNew(folder);
        CompletableFuture<LocalStackException> failure = new CompletableFuture<>();
        return new LocalStack(
                folder,
                lock,
                new EmbeddedKafka(
                        folder.resolve("kafka"), kafkaPort, e -> failure.completeAsync(() -> e)),
                new EmbeddedObjectStore(
                        folder.resolve("objects"), storePort, config.bucket(), credentials),
                credentials,
                config.bucket(),
                afterClose,
                failure);
    }

    /** Side by side, for Kafka takes longer. Waits for both, so that both can then be stopped. */
    private void startServers() {
        Executor threads = task -> Thread.ofPlatform().name("stack-start").start(task);
        try {
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(store::start, threads),
                            CompletableFuture.runAsync(kafka::start, threads))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LocalStackException known ? known : e;
        }
    }

    private void stopServers() {
        kafka.stop();
        store.stop();
    }

    /** As Kafka's clients want it: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** As S3 clients want it: {@code http://127.0.0.1:port}. */
    public URI storeEndpoint() {
        return store.endpoint();
    }

    public StoreCredentials storeCredentials() {
        return credentials;
    }

    public Path dataFolder() {
        return dataFolder;
    }

    public String bucket() {
        return bucket;
    }

    /**
     * What a service needs to find this stack, as environment variables; in a Quarkus test the same
     * names serve as configuration properties.
     */
    public Map<String, String> environment() {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers(),
                "ESPALIER_STORE_ENDPOINT", storeEndpoint().toString(),
                "ESPALIER_STORE_ACCESS_KEY", credentials.accessKey(),
                "ESPALIER_STORE_SECRET_KEY", credentials.secretKey(),
                "ESPALIER_STORE_BUCKET", bucket,
                "ESPALIER_STORE_REGION", "us-east-1");
    }

    /**
     * Completes when the broker meets a fault that it cannot survive. The stack is then to be
     * closed; Kafka would have ended the process.
     */
    public CompletableFuture<LocalStackException> failure() {
        return failure;
    }

    /** For tests of an outage. The port stays the stack's own. */
    public void stopKafka() {
        kafka.stop();
    }

    public void startKafka() {
        kafka.start();
    }

    /** For tests of an outage. The port stays the stack's own. */
    public void stopStore() {
        store.stop();
    }

    public void startStore() {
        store.start();
    }

    @Override
    public void close() {
        try {
            stopServers();
        } finally {
            lock.close();
            afterClose.run();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOGGER.warn("The temporary folder {} could not be deleted", folder, e);
        }
    }
}
