// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.iteration;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorData;
import dev.espalier.trainer.application.RunArtifacts;
import dev.espalier.trainer.application.UnfitArtifactException;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.model.Initialiser;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.training.Network;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Moves weights and masks between the store and a network, by parameter name. */
final class ModelStateTransfer {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Copies one parameter or buffer, in either direction. */
    interface Transfer {
        void accept(int index, MemorySegment values);
    }

    private final RunId run;
    private final long seed;
    private final RunArtifacts artifacts;

    ModelStateTransfer(RunId run, long seed, RunArtifacts artifacts) {
        this.run = run;
        this.seed = seed;
        this.artifacts = artifacts;
    }

    /**
     * What an iteration starts from.
     *
     * @param previous weights of the iteration before, if there was one
     */
    ArtifactRef start(@Nullable ArtifactRef previous, Rewind rewind, Architecture architecture) {
        if (previous == null || rewind.equals(Rewind.INITIAL)) {
            return initial(architecture);
        }
        if (rewind instanceof Rewind.ToEpoch to) {
            return artifacts
                    .rewindTarget(run)
                    .orElseThrow(
                            () ->
                                    new UnfitArtifactException(
                                            "The weights after epoch %d of iteration 0 are not in the store\nMaybe the run was begun by a trainer that did not keep them."
                                                    .formatted(to.epoch())));
        }
        return previous;
    }

    /** The rewind target. It is drawn again each time, and counts only where there is none yet. */
    private ArtifactRef initial(Architecture architecture) {
        Initialiser initialiser = new Initialiser(seed);
        List<TensorData> tensors = new ArrayList<>();
        try (Arena scope = Arena.ofConfined()) {
            for (List<Parameter> part :
                    List.of(architecture.parameters(), architecture.buffers())) {
                for (int i = 0; i < part.size(); i++) {
                    float[] values = initialiser.draw(part.get(i), i);
                    MemorySegment bytes = scope.allocate(4L * values.length, 64);
                    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
                    tensors.add(tensor(part.get(i), bytes));
                }
            }
            return artifacts.saveWeights(
                    ObjectKey.initial(run),
                    Map.of("format", "pt", "run", run.value(), "seed", Long.toString(seed)),
                    tensors);
        }
    }

    /** Fills a network from the store. */
    void load(ArtifactRef ref, Network network) {
        try (Arena scope = Arena.ofConfined()) {
            Map<String, TensorData> byName = new HashMap<>();
            artifacts.loadWeights(ref, scope).forEach(t -> byName.put(t.name(), t));
            String origin = ref.uri();
            load(network.architecture().parameters(), "", byName, origin, network::load);
            load(network.architecture().buffers(), "", byName, origin, network::loadBuffer);
        }
    }

    /** Takes each of some parameters or buffers from tensors of the same name after a prefix. */
    static void load(
            List<Parameter> wanted,
            String prefix,
            Map<String, TensorData> byName,
            String origin,
            Transfer transfer) {
        for (int i = 0; i < wanted.size(); i++) {
            Parameter parameter = wanted.get(i);
            TensorData tensor = byName.get(prefix + parameter.name());
            if (tensor == null
                    || tensor.dtype() != DType.F32
                    || !tensor.shape().equals(parameter.shape())) {
                throw mismatch(origin, parameter, tensor);
            }
            transfer.accept(i, tensor.bytes());
        }
    }

    /** Applies a mask to every parameter that it names. */
    static void apply(Mask mask, @Nullable ArtifactRef ref, Network network) {
        Set<String> unknown = new TreeSet<>(mask.tensors().keySet());
        List<Parameter> parameters = network.architecture().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            MaskTensor pruning = mask.tensor(parameter.name());
            unknown.remove(parameter.name());
            if (pruning == null) {
                network.unmask(i);
            } else if (parameter.isMaskable() && pruning.shape().equals(parameter.shape())) {
                network.mask(i, pruning);
            } else {
                throw new UnfitArtifactException(
                        "%s masks %s as %s; the model has %s of shape %s, %s"
                                .formatted(
                                        name(ref),
                                        parameter.name(),
                                        pruning.shape(),
                                        parameter.name(),
                                        parameter.shape(),
                                        parameter.isMaskable() ? "maskable" : "not maskable"));
            }
        }
        if (!unknown.isEmpty()) {
            throw new UnfitArtifactException(
                    "%s masks %s, which the model %s does not have"
                            .formatted(name(ref), unknown, network.architecture().name()));
        }
    }

    /** Parameters and buffers of a network, in memory of {@code scope}. */
    static List<TensorData> read(Network network, Arena scope) {
        List<TensorData> tensors = new ArrayList<>();
        read(network.architecture().parameters(), "", scope, network::store, tensors);
        read(network.architecture().buffers(), "", scope, network::storeBuffer, tensors);
        return tensors;
    }

    /** Adds each of some parameters or buffers under its name after a prefix. */
    static void read(
            List<Parameter> wanted,
            String prefix,
            Arena scope,
            Transfer transfer,
            List<TensorData> tensors) {
        for (int i = 0; i < wanted.size(); i++) {
            MemorySegment bytes = scope.allocate(4 * wanted.get(i).size(), 64);
            transfer.accept(i, bytes);
            tensors.add(
                    new TensorData(
                            prefix + wanted.get(i).name(),
                            DType.F32,
                            wanted.get(i).shape(),
                            bytes));
        }
    }

    private static String name(@Nullable ArtifactRef mask) {
        return mask == null ? "The dense mask" : mask.uri();
    }

    private static TensorData tensor(Parameter parameter, MemorySegment bytes) {
        return new TensorData(parameter.name(), DType.F32, parameter.shape(), bytes);
    }

    private static UnfitArtifactException mismatch(
            String origin, Parameter parameter, @Nullable TensorData found) {
        return new UnfitArtifactException(
                "%s has %s; the model needs %s as F32 of shape %s"
                        .formatted(
                                origin,
                                found == null
                                        ? "no tensor " + parameter.name()
                                        : "%s as %s of shape %s"
                                                .formatted(
                                                        found.name(), found.dtype(), found.shape()),
                                parameter.name(),
                                parameter.shape()));
    }
}
