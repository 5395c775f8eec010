// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.model.Initialiser;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Batch;
import dev.espalier.trainer.domain.training.EpochResult;
import dev.espalier.trainer.domain.training.IterationTraining;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.Recipe;
import dev.espalier.trainer.domain.training.TrainingControl;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/** So many training steps of ours; the time is that of one. To be run by one thread. */
final class TrainingSteps implements SideBySideCase, AutoCloseable {

    /** As in the paper; few enough steps are taken for the rate not to matter. */
    static final TrainingSpec RECIPE =
            new TrainingSpec(
                    1_000_000, 250, 0.01, 0.9, true, 5e-4, 1, TrainingSpec.Schedule.CONSTANT);

    private interface Training extends AutoCloseable {
        void run(int steps);

        @Override
        void close();
    }

    private final String name;
    private final int steps;
    private final Network network;
    private final Training training;

    private TrainingSteps(String name, int steps, Network network, Training training) {
        this.name = name;
        this.steps = steps;
        this.network = network;
        this.training = training;
    }

    /** Always on the same batch, which is made beforehand. */
    static TrainingSteps onOneBatch(String name, int steps, Network network, Dataset dataset) {
        fill(network);
        Batch batch =
                new Batch(RECIPE.batchSize(), dataset.shape(), network.architecture().pixelOrder());
        int[] order = IntStream.range(0, RECIPE.batchSize()).toArray();
        batch.fill(dataset.train(), dataset.normalisation(), order, 0);
        return new TrainingSteps(
                name,
                steps,
                network,
                new Training() {
                    @Override
                    public void run(int count) {
                        for (int i = 0; i < count; i++) {
                            network.step(batch, RECIPE, RECIPE.learningRate());
                        }
                    }

                    @Override
                    public void close() {
                        batch.close();
                    }
                });
    }

    /** As an iteration is trained: shuffled, normalised, batch by batch. */
    static TrainingSteps withLoading(String name, int steps, Network network, Dataset dataset) {
        fill(network);
        IterationTraining iteration =
                new IterationTraining(dataset, new Recipe(RECIPE, 0), 0, network, Position.START);
        return new TrainingSteps(
                name,
                steps,
                network,
                new Training() {
                    @Override
                    public void run(int count) {
                        var _ = iteration.run(new Countdown(count));
                    }

                    @Override
                    public void close() {
                        iteration.close();
                    }
                });
    }

    private static void fill(Network network) {
        fill(network.architecture().parameters(), (v, i) -> network.load(i, v));
        fill(network.architecture().buffers(), (v, i) -> network.loadBuffer(i, v));
    }

    private static void fill(List<Parameter> wanted, ObjIntConsumer<MemorySegment> target) {
        var initialiser = new Initialiser(0);
        for (int i = 0; i < wanted.size(); i++) {
            target.accept(MemorySegment.ofArray(initialiser.draw(wanted.get(i), i)), i);
        }
    }

    /** Lets so many batches pass. */
    private static final class Countdown implements TrainingControl {

        private int left;

        Countdown(int count) {
            this.left = count;
        }

        @Override
        public boolean mayContinue() {
            return left-- > 0;
        }

        @Override
        public void epochCompleted(EpochResult result) {}
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public double run() {
        long begun = System.nanoTime();
        training.run(steps);
        return (System.nanoTime() - begun) / 1e6 / steps;
    }

    @Override
    public void close() {
        training.close();
        network.close();
    }
}
