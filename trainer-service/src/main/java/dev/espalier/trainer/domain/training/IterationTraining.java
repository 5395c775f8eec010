// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Split;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The training of one iteration, at a position that it keeps: {@link #run} may be interrupted
 * before any batch and called again, with the result of one that was not. The network has its
 * weights and masks before.
 */
public final class IterationTraining implements AutoCloseable {

    private final Dataset dataset;
    private final Recipe recipe;
    private final int iteration;
    private final Network network;
    private final Batch batch;
    private int epoch;
    private int position;
    private int[] order = {};
    private double lossSum;
    private EpochResult last = new EpochResult(-1, 0, 0, Score.NONE);

    public IterationTraining(Dataset dataset, Recipe recipe, int iteration, Network network) {
        this.dataset = dataset;
        this.recipe = recipe;
        this.iteration = iteration;
        this.network = network;
        this.batch = new Batch(recipe.training().batchSize(), dataset.shape());
        network.resetOptimiser();
    }

    /** Epochs completed. */
    public int epochs() {
        return epoch;
    }

    /**
     * Trains until all epochs are done.
     *
     * @return the last epoch's result, or empty when the control interrupted
     * @throws DivergedException when the loss is no longer a number
     */
    public Optional<EpochResult> run(TrainingControl control) {
        Split train = dataset.train();
        while (epoch < recipe.training().epochs()) {
            double learningRate = recipe.learningRateAt(epoch);
            if (order.length == 0) {
                order = Shuffle.order(train.size(), recipe.seed(), iteration, epoch);
            }
            while (position < train.size()) {
                if (!control.mayContinue()) {
                    return Optional.empty();
                }
                batch.fill(train, dataset.normalisation(), order, position);
                lossSum += step(learningRate) * batch.size();
                position += batch.size();
            }
            last = new EpochResult(epoch, learningRate, lossSum / train.size(), test());
            epoch++;
            position = 0;
            lossSum = 0;
            order = new int[0];
            control.epochCompleted(last);
        }
        return Optional.of(last);
    }

    private double step(double learningRate) {
        try {
            return network.step(batch, recipe.training(), learningRate);
        } catch (DivergedException e) {
            throw new DivergedException(
                    "Iteration %d, epoch %d of %d, image %d of %d: %s\nMaybe lower the learning rate, which is %s here."
                            .formatted(
                                    iteration,
                                    epoch + 1,
                                    recipe.training().epochs(),
                                    position,
                                    dataset.train().size(),
                                    e.getMessage(),
                                    learningRate));
        }
    }

    private Score test() {
        Split test = dataset.test();
        int[] inOrder = IntStream.range(0, test.size()).toArray();
        Score score = Score.NONE;
        for (int from = 0; from < test.size(); from += batch.capacity()) {
            batch.fill(test, dataset.normalisation(), inOrder, from);
            score = score.plus(network.score(batch));
        }
        return score;
    }

    @Override
    public void close() {
        batch.close();
    }
}
