// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Split;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How good weights are right after they were pruned, without training. Running statistics of batch
 * norm belong to the weights before the mask, so they are taken anew from training images first;
 * without that, the score says more about the statistics than about the weights.
 */
public final class PrunedJudgement {

    /** Images are enough; more of them change the statistics in the third digit. */
    private static final int BATCHES = 20;

    private PrunedJudgement() {}

    /** Changes the buffers of the network. Empty where the caller wanted no more. */
    public static Optional<Score> of(
            Dataset dataset,
            Recipe recipe,
            int iteration,
            Network network,
            BooleanSupplier mayContinue) {
        int size = recipe.training().batchSize();
        try (BatchFeed feed =
                new BatchFeed(size, dataset.shape(), network.architecture().pixelOrder())) {
            if (!network.architecture().buffers().isEmpty()
                    && !estimate(dataset, recipe, iteration, network, feed, mayContinue)) {
                return Optional.empty();
            }
            return Examination.of(dataset.test(), dataset, network, feed, mayContinue);
        }
    }

    private static boolean estimate(
            Dataset dataset,
            Recipe recipe,
            int iteration,
            Network network,
            BatchFeed feed,
            BooleanSupplier mayContinue) {
        Split train = dataset.train();
        int[] order = Shuffle.order(train.size(), recipe.seed(), iteration, -1);
        feed.begin(
                0,
                order.length,
                (batch, from) -> batch.fill(train, dataset.normalisation(), order, from, null));
        int seen = 0;
        for (int n = 1; n <= BATCHES && seen < order.length; n++) {
            if (!mayContinue.getAsBoolean()) {
                return false;
            }
            Batch batch = feed.take();
            network.estimateStatistics(batch, 1.0 / n);
            seen += batch.size();
        }
        return true;
    }
}
