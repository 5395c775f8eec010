// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.Score;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the state of a training to a {@link TrainingProgress} and reads it back. */
final class ProgressRecord {

    private static final String MOMENTUM = "momentum.";
    private static final String DENSE = "dense";

    private ProgressRecord() {}

    static TrainingProgress of(
            NextIteration plan,
            ArtifactRef start,
            Position position,
            Score pruned,
            Network network,
            Arena scope) {
        Map<String, String> metadata = new TreeMap<>(origin(plan, start));
        metadata.put("prunedLossSum", Double.toString(pruned.lossSum()));
        metadata.put("prunedCorrect", Long.toString(pruned.correct()));
        metadata.put("prunedCount", Long.toString(pruned.count()));
        List<TensorData> tensors = new ArrayList<>(StartingWeights.read(network, scope));
        List<Parameter> parameters = network.architecture().parameters();
        StartingWeights.read(parameters, MOMENTUM, scope, network::storeMomentum, tensors);
        return new TrainingProgress(plan.number(), position, metadata, tensors);
    }

    /** Whether it is of the same training: same start, same mask. */
    static boolean fits(TrainingProgress progress, NextIteration plan, ArtifactRef start) {
        return progress.metadata().entrySet().containsAll(origin(plan, start).entrySet());
    }

    /** Fills a network, whose mask is applied, and returns the score of the pruned weights. */
    static Score restore(TrainingProgress progress, Network network) {
        Map<String, TensorData> byName = new HashMap<>();
        progress.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
        String name = "The checkpoint within iteration " + progress.iteration();
        List<Parameter> parameters = network.architecture().parameters();
        StartingWeights.load(parameters, "", byName, name, network::load);
        StartingWeights.load(parameters, MOMENTUM, byName, name, network::loadMomentum);
        StartingWeights.load(
                network.architecture().buffers(), "", byName, name, network::loadBuffer);
        Map<String, String> metadata = progress.metadata();
        return new Score(
                Double.parseDouble(metadata.getOrDefault("prunedLossSum", "0")),
                Long.parseLong(metadata.getOrDefault("prunedCorrect", "0")),
                Long.parseLong(metadata.getOrDefault("prunedCount", "0")));
    }

    private static Map<String, String> origin(NextIteration plan, ArtifactRef start) {
        return Map.of(
                "start", start.sha256().hex(),
                "mask", digest(plan.mask()));
    }

    private static String digest(@Nullable ArtifactRef mask) {
        return mask == null ? DENSE : mask.sha256().hex();
    }
}
