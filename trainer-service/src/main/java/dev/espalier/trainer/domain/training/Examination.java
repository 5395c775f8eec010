// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Split;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Classifies images without learning from them. */
final class Examination {

    private Examination() {}

    /** The score on a split; empty where the caller wanted no more between two batches. */
    static Optional<Score> of(
            Split split,
            Dataset dataset,
            Network network,
            BatchFeed feed,
            BooleanSupplier mayContinue) {
        int[] inOrder = IntStream.range(0, split.size()).toArray();
        feed.begin(
                0,
                inOrder.length,
                (batch, from) -> batch.fill(split, dataset.normalisation(), inOrder, from, null));
        Score score = Score.NONE;
        while (score.count() < split.size()) {
            if (!mayContinue.getAsBoolean()) {
                return Optional.empty();
            }
            score = score.plus(network.score(feed.take()));
        }
        return Optional.of(score);
    }
}
