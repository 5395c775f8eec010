// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.espalier.local.LocalStack;
import dev.espalier.local.host.Ports;
import dev.espalier.local.process.ServiceExit;
import dev.espalier.local.process.ServiceProcess;
import dev.espalier.local.process.ServiceSpec;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.run.DatasetSpec;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.ReportedState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged trainer, killed and stopped. {@code -Dkills=20} kills it 20 times, {@code -Dseed=2}
 * at other moments.
 */
final class KilledTrainerIT {

    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int ITERATIONS = 5;
    private static final int EPOCHS = 5 + KILLS;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final List<ServiceExit> exits = new CopyOnWriteArrayList<>();
    private LocalStack stack;
    private Counterpart others;
    private ServiceProcess trainer;

    @BeforeEach
    void start() {
        stack = LocalStack.temporary();
        others = new Counterpart(stack);
    }

    @AfterEach
    void stop() {
        trainer.close();
        others.close();
        stack.close();
    }

    @Test
    void invariant5ShouldEndWithTheSameBytesWheneverItIsKilled() throws IOException {
        // Given
        SplittableRandom random = new SplittableRandom(Long.getLong("seed", 1));
        start("0s");
        RunId quiet = new RunId("quiet");
        request(quiet, EPOCHS);
        decide(quiet);
        RunId killed = new RunId("killed");
        request(killed, EPOCHS);
        CompletableFuture<Void> decided =
                CompletableFuture.runAsync(() -> decide(killed), Thread::startVirtualThread);

        // When
        int[] moments = random.ints(KILLS, 0, ITERATIONS * EPOCHS).sorted().toArray();
        for (int moment : moments) {
            await().atMost(PATIENCE).until(() -> decided.isDone() || epochs(killed) >= moment);
            pass(Duration.ofMillis(random.nextInt(isBehind(killed, moment) ? 4000 : 300)));
            trainer.kill();
            trainer.restart();
        }
        decided.join();

        // Then
        assertThat(exits).hasSize(KILLS).allMatch(exit -> exit.code() == 128 + 9);
        for (int t = 0; t < ITERATIONS; t++) {
            assertThat(tensors(killed, t)).as("w_%d", t).isEqualTo(tensors(quiet, t));
        }
    }

    /** Whether the run was further when the process before was killed. */
    private boolean isBehind(RunId run, int moment) {
        return epochs(run) > moment;
    }

    @Test
    void shouldKeepItsStateAndEndInTimeWhenStopped() {
        start("1h");
        RunId run = new RunId("stopped");
        request(run, 100_000);
        await().atMost(PATIENCE).until(() -> epochs(run) >= 3);
        assertThat(kept(run)).isEmpty();

        boolean ended = trainer.stop(Duration.ofSeconds(10));

        assertThat(ended).as("by itself, within 10 s").isTrue();
        await().until(() -> !exits.isEmpty());
        assertThat(exits.getFirst().code()).isZero();
        assertThat(kept(run)).as(() -> String.join("\n", trainer.recentLines())).hasSize(1);
        long before = others.of(run, EpochCompleted.class).count();
        trainer.restart();
        await().atMost(PATIENCE)
                .until(() -> others.of(run, EpochCompleted.class).count() > before + 3);
        assertThat(others.of(run, EpochCompleted.class).filter(e -> e.epoch() == 1)).hasSize(1);
    }

    private List<ObjectKey> kept(RunId run) {
        return others.store.list(ObjectKey.prefix(run) + "training/");
    }

    private void start(String checkpointInterval) {
        trainer =
                ServiceProcess.start(
                        ServiceSpec.quarkus(
                                        "trainer-service",
                                        Path.of("target/quarkus-app/quarkus-run.jar"),
                                        Ports.free())
                                .withJvmFlags("-Xmx512m")
                                .withEnvironment(stack.environment())
                                .withEnvironment(
                                        Map.of(
                                                "MKL_CBWR",
                                                "AUTO,STRICT",
                                                "ESPALIER_TRAINER_CHECKPOINT_INTERVAL",
                                                checkpointInterval)),
                        line -> {},
                        exits::add);
    }

    private void request(RunId run, int epochs) {
        TrainingSpec usual = TrainingSpec.DEFAULT;
        others.send(
                new RunRequested(
                        run,
                        DesiredState.RUNNING,
                        new RunSpecification(
                                TrainerKind.ESPALIER,
                                "mlp",
                                new DatasetSpec("wave-source", null),
                                new TrainingSpec(
                                        epochs,
                                        usual.batchSize(),
                                        usual.learningRate(),
                                        usual.momentum(),
                                        usual.nesterov(),
                                        usual.weightDecay(),
                                        usual.clipNorm(),
                                        usual.schedule()),
                                7,
                                Rewind.INITIAL,
                                ITERATIONS - 1,
                                List.of(),
                                null),
                        Instant.EPOCH));
    }

    /** Answers every snapshot until the run is over, again where it is said again. */
    private void decide(RunId run) {
        int answered = 0;
        while (!isCompleted(run)) {
            List<SnapshotPublished> said = others.of(run, SnapshotPublished.class).toList();
            for (; answered < said.size(); answered++) {
                answer(run, said.get(answered).iteration());
            }
            int before = answered;
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    isCompleted(run)
                                            || others.of(run, SnapshotPublished.class).count()
                                                    > before);
        }
    }

    private boolean isCompleted(RunId run) {
        return others.of(run, RunStatus.class).anyMatch(s -> s.state() == ReportedState.COMPLETED);
    }

    /** Prunes every second of the weights left of the first layer. */
    private void answer(RunId run, int iteration) {
        if (iteration == ITERATIONS - 1) {
            others.decide(run, iteration, Verdict.STOP, null);
            return;
        }
        MaskTensor alive = MaskTensor.ones(List.of(128L, 1024L));
        for (int t = 0; t <= iteration; t++) {
            for (long i = 1L << t; i < alive.count(); i += 2L << t) {
                alive.clear(i);
            }
        }
        others.decide(run, iteration, Verdict.PRUNE, put(run, iteration + 1, alive));
    }

    private ArtifactRef put(RunId run, int iteration, MaskTensor mask) {
        try {
            return others.putMask(run, iteration, new Mask(Map.of("fc1.weight", mask)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How far the run is, over all iterations. */
    private long epochs(RunId run) {
        return others.of(run, EpochCompleted.class)
                .mapToLong(e -> (long) e.iteration() * EPOCHS + e.epoch())
                .max()
                .orElse(0);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    /** Of the weights without the header, which names the run. */
    private Sha256 tensors(RunId run, int iteration) {
        byte[] file = others.store.read(ObjectKey.weights(run, iteration)).orElseThrow();
        long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return Sha256.of(Arrays.copyOfRange(file, Math.toIntExact(8 + header), file.length));
    }
}
