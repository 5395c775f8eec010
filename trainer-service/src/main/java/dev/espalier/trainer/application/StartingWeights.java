// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorData;
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
final class StartingWeights {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final RunId run;
    private final long seed;
    private final RunArtifacts artifacts;

    StartingWeights(RunId run, long seed, RunArtifacts artifacts) {
        this.run = run;
        this.seed = seed;
        this.artifacts = artifacts;
    }

    /** The rewind target. It is drawn again each time, and counts only where there is none yet. */
    ArtifactRef initial(Architecture architecture) {
        Initialiser initialiser = new Initialiser(seed);
        List<Parameter> parameters = architecture.parameters();
        List<TensorData> tensors = new ArrayList<>();
        try (Arena scope = Arena.ofConfined()) {
            for (int i = 0; i < parameters.size(); i++) {
                float[] values = initialiser.draw(parameters.get(i), i);
                MemorySegment bytes = scope.allocate(4L * values.length, 64);
                MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
                tensors.add(tensor(parameters.get(i), bytes));
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
            List<Parameter> parameters = network.architecture().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                TensorData tensor = byName.remove(parameter.name());
                if (tensor == null
                        || tensor.dtype() != DType.F32
                        || !tensor.shape().equals(parameter.shape())) {
                    throw mismatch(ref, parameter, tensor);
                }
                network.load(i, tensor.bytes());
            }
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

    /** The parameters of a network, in memory of {@code scope}. */
    static List<TensorData> read(Network network, Arena scope) {
        List<Parameter> parameters = network.architecture().parameters();
        List<TensorData> tensors = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            MemorySegment bytes = scope.allocate(4 * parameters.get(i).size(), 64);
            network.store(i, bytes);
            tensors.add(tensor(parameters.get(i), bytes));
        }
        return tensors;
    }

    private static String name(@Nullable ArtifactRef mask) {
        return mask == null ? "The dense mask" : mask.uri();
    }

    private static TensorData tensor(Parameter parameter, MemorySegment bytes) {
        return new TensorData(parameter.name(), DType.F32, parameter.shape(), bytes);
    }

    private static UnfitArtifactException mismatch(
            ArtifactRef ref, Parameter parameter, @Nullable TensorData found) {
        return new UnfitArtifactException(
                "%s has %s; the model needs %s as F32 of shape %s"
                        .formatted(
                                ref.uri(),
                                found == null
                                        ? "no tensor " + parameter.name()
                                        : "%s as %s of shape %s"
                                                .formatted(
                                                        found.name(), found.dtype(), found.shape()),
                                parameter.name(),
                                parameter.shape()));
    }
}
