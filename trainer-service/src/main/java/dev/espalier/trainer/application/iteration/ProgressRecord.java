// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.iteration;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.application.TrainingProgress;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Network;
import dev.espalier.trainer.domain.training.Position;
import dev.espalier.trainer.domain.training.Score;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of a training to a {@link TrainingProgress} and reads it back. It carries a
 * digest of all that it says, for nothing refers to it that could name one.
 */
final class ProgressRecord {

    /** A buffer holds 2 GiB at most. */
    private static final long PIECE = 1L << 30;

    private static final String MOMENTUM = "momentum.";
    private static final String DENSE = "dense";
    private static final String DIGEST = "digest";
    private static final String LOSS_SUM = "prunedLossSum";
    private static final String CORRECT = "prunedCorrect";
    private static final String COUNT = "prunedCount";
    private static final List<String> COVERED = List.of("start", "mask", LOSS_SUM, CORRECT, COUNT);

    private ProgressRecord() {}

    static TrainingProgress of(
            NextIteration plan,
            ArtifactRef start,
            Position position,
            Score pruned,
            Network network,
            Arena scope) {
        Map<String, String> metadata = new TreeMap<>(origin(plan, start));
        metadata.put(LOSS_SUM, Double.toString(pruned.lossSum()));
        metadata.put(CORRECT, Long.toString(pruned.correct()));
        metadata.put(COUNT, Long.toString(pruned.count()));
        List<TensorData> tensors = new ArrayList<>(ModelStateTransfer.read(network, scope));
        List<Parameter> parameters = network.architecture().parameters();
        ModelStateTransfer.read(parameters, MOMENTUM, scope, network::storeMomentum, tensors);
        metadata.put(DIGEST, digest(plan.number(), position, metadata, tensors));
        return new TrainingProgress(plan.number(), position, metadata, tensors);
    }

    /** Whether it says what was written. */
    static boolean isWhole(TrainingProgress progress) {
        return digest(
                        progress.iteration(),
                        progress.position(),
                        progress.metadata(),
                        progress.tensors())
                .equals(progress.metadata().get(DIGEST));
    }

    /** The store may give the tensors in another order. */
    private static String digest(
            int iteration,
            Position position,
            Map<String, String> metadata,
            List<TensorData> tensors) {
        MessageDigest digest = Sha256.digest();
        add(digest, iteration + " " + position);
        COVERED.forEach(key -> add(digest, key + " " + metadata.get(key)));
        tensors.stream()
                .sorted(Comparator.comparing(TensorData::name))
                .forEach(
                        tensor -> {
                            add(digest, tensor.name() + " " + tensor.dtype() + tensor.shape());
                            add(digest, tensor.bytes());
                        });
        return Sha256.of(digest).hex();
    }

    private static void add(MessageDigest digest, String text) {
        digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void add(MessageDigest digest, MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at += PIECE) {
            digest.update(bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at)).asByteBuffer());
        }
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
        ModelStateTransfer.load(parameters, "", byName, name, network::load);
        ModelStateTransfer.load(parameters, MOMENTUM, byName, name, network::loadMomentum);
        ModelStateTransfer.load(
                network.architecture().buffers(), "", byName, name, network::loadBuffer);
        Map<String, String> metadata = progress.metadata();
        return new Score(
                Double.parseDouble(metadata.getOrDefault(LOSS_SUM, "0")),
                Long.parseLong(metadata.getOrDefault(CORRECT, "0")),
                Long.parseLong(metadata.getOrDefault(COUNT, "0")));
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
