// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.cli.connect.LoopAddress;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.stack.Home;
import dev.espalier.cli.stack.LoopService;
import dev.espalier.cli.stack.RunningStack;
import dev.espalier.cli.stack.StackPlan;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import dev.espalier.transport.objects.ArtifactFetcher;
import dev.espalier.transport.objects.ObjectStore;
import dev.espalier.transport.objects.S3ObjectStore;
import dev.espalier.transport.objects.StoreSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The whole loop as {@code espalier up} runs it: broker and store in this process, the four
 * services as processes of their own, restarted when they die. One for all tests of the module.
 */
final class RealLoop implements TopicFollower.Listener {

    static final Duration PATIENCE = Duration.ofMinutes(4);

    private static @Nullable RealLoop shared;

    private final RunningStack stack;
    private final LoopConnection loop;
    private final ObjectStore store;
    private final Path folder;
    private final List<Event> events = new CopyOnWriteArrayList<>();

    private RealLoop(Path folder) {
        this.folder = folder;
        this.stack =
                RunningStack.start(
                        Home.of(Path.of(System.getProperty("espalier.root")).normalize()),
                        StackPlan.onFreePorts(folder),
                        Clock.systemUTC(),
                        line -> System.err.println("e2e: " + line));
        this.loop =
                LoopConnection.open(
                        new LoopAddress(stack.file().bootstrapServers(), stack.file()),
                        Clock.systemUTC());
        var file = stack.file();
        this.store =
                new S3ObjectStore(
                        new StoreSettings(
                                file.storeEndpoint(),
                                "us-east-1",
                                file.bucket(),
                                file.accessKey(),
                                file.secretKey()));
        loop.follow(EnumSet.allOf(Topic.class), this);
    }

    static synchronized RealLoop shared() {
        if (shared == null) {
            try {
                shared = new RealLoop(Files.createTempDirectory("espalier-e2e-"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared.stack::close));
        }
        return shared;
    }

    RunningStack stack() {
        return stack;
    }

    ObjectStore store() {
        return store;
    }

    Path folder() {
        return folder;
    }

    void send(Event event) {
        loop.send(event);
    }

    /** A small run of our own trainer: generated data, one epoch per iteration. */
    static RunSpecification small(int iterations, @Nullable Policy policy) {
        TrainingSpec usual = TrainingSpec.DEFAULT;
        return new RunSpecification(
                TrainerKind.ESPALIER,
                "mlp",
                new DatasetSpec("wave-source", null),
                new TrainingSpec(
                        1,
                        usual.batchSize(),
                        usual.learningRate(),
                        usual.momentum(),
                        usual.nesterov(),
                        usual.weightDecay(),
                        usual.clipNorm(),
                        usual.schedule()),
                7,
                Rewind.INITIAL,
                iterations,
                NormPair.DEFAULTS,
                policy);
    }

    RunId submit(String name, RunSpecification specification) {
        var id = new RunId(name);
        send(
                new RunRequested(
                        id, DesiredState.RUNNING, specification, Clock.systemUTC().instant()));
        return id;
    }

    /** Every decision event of a run, repetitions included. */
    List<PruningDecided> decisions(RunId run) {
        return of(PruningDecided.class, run);
    }

    <E extends Event> List<E> of(Class<E> type, RunId run) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.key().equals(run.value()))
                .toList();
    }

    void awaitIteration(RunId run, int iteration) {
        await("decision %d of %s".formatted(iteration, run))
                .atMost(PATIENCE)
                .until(() -> decisions(run).stream().anyMatch(d -> d.iteration() >= iteration));
    }

    /** Waits for the stop and returns the decisions, one per iteration. */
    List<PruningDecided> awaitStop(RunId run) {
        await("the stop of " + run)
                .atMost(PATIENCE)
                .until(() -> decisions(run).stream().anyMatch(d -> d.verdict() == Verdict.STOP));
        List<PruningDecided> distinct = decisions(run).stream().distinct().toList();
        assertThat(distinct)
                .as("one decision per iteration, in order, however often it was repeated")
                .extracting(PruningDecided::iteration)
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, distinct.size()).boxed().toList());
        return distinct;
    }

    RunStatus awaitFinal(RunId run) {
        await("the end of " + run)
                .atMost(PATIENCE)
                .until(
                        () ->
                                of(RunStatus.class, run).stream()
                                        .anyMatch(status -> status.state().isFinal()));
        return of(RunStatus.class, run).stream()
                .filter(status -> status.state().isFinal())
                .findFirst()
                .orElseThrow();
    }

    /** kill -9, and return when its successor runs. */
    void kill(LoopService service) {
        long pid = pid(service);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await("another process of " + service.label())
                .atMost(PATIENCE)
                .until(() -> pid(service) != pid);
    }

    private long pid(LoopService service) {
        return stack.file().servicePids().get(service.label());
    }

    Mask mask(@Nullable ArtifactRef ref) throws IOException {
        if (ref == null) {
            return Mask.DENSE;
        }
        try (ByteSource source = fetch(ref)) {
            return MaskCodec.read(source);
        }
    }

    ByteSource fetch(ArtifactRef ref) {
        return new ArtifactFetcher(store, folder.resolve("tmp")).fetch(ref);
    }

    byte[] object(ObjectKey key) {
        return store.read(key).orElseThrow(() -> new AssertionError(key + " is not in the store"));
    }

    @Override
    public void onEvent(Received<Event> received, ConsumerRecord<String, byte[]> record) {
        events.add(received.event());
    }

    @Override
    public void onTombstone(ConsumerRecord<String, byte[]> record) {}

    @Override
    public void onMalformed(
            ConsumerRecord<String, byte[]> record, MalformedEventException reason) {}
}
