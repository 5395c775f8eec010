// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.domain.training.Position;
import java.util.List;
import java.util.Map;

/**
 * The state of training within an iteration: with the seed of the run, all that is needed to end
 * with the same bytes.
 *
 * @param metadata what the state depends on and what is known besides
 * @param tensors weights, buffers and momentum
 */
public record TrainingProgress(
        int iteration, Position position, Map<String, String> metadata, List<TensorData> tensors) {

    public TrainingProgress {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }
}
