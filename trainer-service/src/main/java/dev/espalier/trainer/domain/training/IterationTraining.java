// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Split;
import java.util.Optional;

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
    private final BatchFeed feed;
    private int epoch;
    private int position;
    private boolean isFed;
    private double lossSum;
    private EpochResult last = EpochResult.NONE;

    /**
     * @param start where an earlier training was left, with its weights, buffers and momentum in
     *     the network; at {@link Position#START} the momentum is 0
     */
    public IterationTraining(
            Dataset dataset, Recipe recipe, int iteration, Network network, Position start) {
        this.dataset = dataset;
        this.recipe = recipe;
        this.iteration = iteration;
        this.network = network;
        this.epoch = start.epoch();
        this.position = start.image();
        this.lossSum = start.lossSum();
        this.feed =
                new BatchFeed(
                        recipe.training().batchSize(),
                        dataset.shape(),
                        network.architecture().pixelOrder());
    }

    public Position position() {
        return new Position(epoch, position, lossSum);
    }

    /**
     * Trains until all epochs are done.
     *
     * @return the last epoch's result, or empty when the control interrupted
     * @throws DivergedException when the loss is no longer a number
     */
    public Optional<EpochResult> run(TrainingControl control) {
        int size = dataset.train().size();
        while (epoch < recipe.training().epochs()) {
            double learningRate = recipe.learningRateAt(epoch);
            feed();
            while (position < size) {
                if (!control.mayContinue()) {
                    return Optional.empty();
                }
                Batch batch = feed.take();
                lossSum += step(batch, learningRate) * batch.size();
                position += batch.size();
            }
            isFed = false;
            Optional<EpochResult> result = examine(lossSum / size, learningRate, control);
            if (result.isEmpty()) {
                return Optional.empty();
            }
            last = result.get();
            epoch++;
            position = 0;
            lossSum = 0;
            control.epochCompleted(last);
        }
        return Optional.of(last);
    }

    /**
     * What the weights are worth as they are, in the middle of an epoch; training cannot go on
     * afterwards. Empty when the control interrupted.
     */
    public Optional<EpochResult> abandon(TrainingControl control) {
        return examine(Double.NaN, recipe.learningRateAt(epoch), control);
    }

    /** Begins to fill batches from the position on, unless that is under way. */
    private void feed() {
        Split train = dataset.train();
        if (isFed || position >= train.size()) {
            return;
        }
        int[] order = Shuffle.order(train.size(), recipe.seed(), iteration, epoch);
        Augmenting augmenting =
                switch (dataset.augmentation()) {
                    case NONE -> null;
                    case FLIP_AND_CROP -> new Augmenting(recipe.seed(), iteration, epoch);
                };
        feed.begin(
                position,
                order.length,
                (batch, from) ->
                        batch.fill(train, dataset.normalisation(), order, from, augmenting));
        isFed = true;
    }

    private Optional<EpochResult> examine(
            double trainLoss, double learningRate, TrainingControl control) {
        Split validation = dataset.validation();
        Optional<Score> validated =
                validation == null ? Optional.of(Score.NONE) : examine(validation, control);
        return validated.flatMap(
                v ->
                        examine(dataset.test(), control)
                                .map(t -> new EpochResult(epoch, learningRate, trainLoss, t, v)));
    }

    private Optional<Score> examine(Split split, TrainingControl control) {
        return Examination.of(split, dataset, network, feed, control::mayContinue);
    }

    private double step(Batch batch, double learningRate) {
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

    @Override
    public void close() {
        feed.close();
    }
}
