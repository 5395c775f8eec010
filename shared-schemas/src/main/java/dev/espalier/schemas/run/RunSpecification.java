// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is. It never changes during the life of the run; the policy and the desired state do.
 *
 * @param trainer who trains; the rest of the contract serves both alike
 * @param model such as {@code mlp}; absent where an external trainer knows
 * @param dataset absent where an external trainer knows
 * @param training the recipe of one iteration
 * @param seed of initial weights, shuffles and generated data
 * @param rewind where each iteration starts from
 * @param iterations N: prune after trainings 0 to N-1 and stop after training N; absent where the
 *     policy alone says when to stop
 * @param pairs the (p, q) pairs to measure; the first one is shown
 * @param policy in force until one is selected for this run; absent to take the default
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunSpecification(
        TrainerKind trainer,
        @Nullable String model,
        @Nullable DatasetSpec dataset,
        TrainingSpec training,
        long seed,
        Rewind rewind,
        @Nullable Integer iterations,
        List<NormPair> pairs,
        @Nullable Policy policy) {

    public RunSpecification {
        if (trainer == TrainerKind.ESPALIER && (model == null || dataset == null)) {
            throw new IllegalArgumentException(
                    "model is %s and dataset is %s: a run of our trainer names both\nMaybe the run is of a trainer of your own: set trainer to external"
                            .formatted(model, dataset));
        }
        if (iterations != null && (iterations < 0 || iterations > 999_999)) {
            throw new IllegalArgumentException(
                    "iterations is " + iterations + ", outside 0 to 999999");
        }
        if (rewind instanceof Rewind.ToEpoch to && to.epoch() > training.epochs()) {
            throw new IllegalArgumentException(
                    "rewind.epoch is %d, above training.epochs, which is %d"
                            .formatted(to.epoch(), training.epochs()));
        }
        pairs = NormPair.distinct(pairs);
    }

    @JsonCreator
    static RunSpecification of(
            @JsonProperty("trainer") @Nullable TrainerKind trainer,
            @JsonProperty("model") @Nullable String model,
            @JsonProperty("dataset") @Nullable DatasetSpec dataset,
            @JsonProperty("training") @Nullable TrainingSpec training,
            @JsonProperty("seed") @Nullable Long seed,
            @JsonProperty("rewind") @Nullable Rewind rewind,
            @JsonProperty("iterations") @Nullable Integer iterations,
            @JsonProperty("pairs") @Nullable PairsChoice pairs,
            @JsonProperty("policy") @Nullable Policy policy) {
        return new RunSpecification(
                trainer == null ? TrainerKind.ESPALIER : trainer,
                model,
                dataset,
                training == null ? TrainingSpec.DEFAULT : training,
                seed == null ? 0 : seed,
                rewind == null ? Rewind.INITIAL : rewind,
                iterations,
                pairs == null ? NormPair.DEFAULTS : pairs.pairs(),
                policy);
    }
}
