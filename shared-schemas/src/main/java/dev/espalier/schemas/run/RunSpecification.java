// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The specification of a run. It never changes; the policy and the desired state may.
 *
 * @param trainer who trains; the rest of the contract is the same for both
 * @param model such as {@code mlp}; may be absent for an external trainer
 * @param dataset may be absent for an external trainer
 * @param training the recipe of one iteration
 * @param seed of initial weights, shuffles and generated data
 * @param rewind where each iteration starts from
 * @param length how many iterations; absent if the policy alone says when to stop
 * @param pairs the (p, q) pairs to measure; the first one is shown
 * @param policy in force until one is selected for this run; absent to take the default
 * @param keepIterations of how many iterations, the newest ones, all objects are kept; absent to
 *     keep all, or the last {@link #USUALLY_KEPT} of an unbounded run
 * @param shadows evaluated alongside every policy that names no shadows itself; absent: the usual
 *     one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunSpecification(
        TrainerKind trainer,
        @Nullable String model,
        @Nullable DatasetSpec dataset,
        TrainingSpec training,
        long seed,
        Rewind rewind,
        @JsonProperty("iterations") @Nullable RunLength length,
        List<NormPair> pairs,
        @Nullable Policy policy,
        @Nullable Integer keepIterations,
        @Nullable List<Shadow> shadows) {

    /** How many iterations an unbounded run keeps that does not say. */
    public static final int USUALLY_KEPT = 100;

    public RunSpecification {
        shadows = Shadow.distinct(shadows);
        if (trainer == TrainerKind.ESPALIER && (model == null || dataset == null)) {
            throw new IllegalArgumentException(
                    "model is %s and dataset is %s: a run of Espalier's trainer names both\nTry: set trainer to external, if you bring your own trainer"
                            .formatted(model, dataset));
        }
        if (keepIterations != null && keepIterations < 2) {
            throw new IllegalArgumentException(
                    "keepIterations is %d: the newest iteration and the one before it are always needed, so at least 2"
                            .formatted(keepIterations));
        }
        if (rewind instanceof Rewind.ToEpoch to && to.epoch() > training.epochs()) {
            throw new IllegalArgumentException(
                    "rewind.epoch is %d, above training.epochs, which is %d"
                            .formatted(to.epoch(), training.epochs()));
        }
        pairs = NormPair.distinct(pairs);
    }

    /** A run with a last iteration, or without, that keeps everything. */
    public RunSpecification(
            TrainerKind trainer,
            @Nullable String model,
            @Nullable DatasetSpec dataset,
            TrainingSpec training,
            long seed,
            Rewind rewind,
            @Nullable Integer iterations,
            List<NormPair> pairs,
            @Nullable Policy policy) {
        this(
                trainer,
                model,
                dataset,
                training,
                seed,
                rewind,
                iterations == null ? null : new RunLength.Bounded(iterations),
                pairs,
                policy,
                null,
                null);
    }

    /** N; null if the run has no last iteration. */
    public @Nullable Integer iterations() {
        return length instanceof RunLength.Bounded bounded ? bounded.iterations() : null;
    }

    /** Whether the run continues until it is stopped. */
    public boolean goesOnForEver() {
        return RunLength.UNBOUNDED.equals(length);
    }

    /** Of how many iterations, the newest ones, all objects are kept; null for all. */
    public @Nullable Integer kept() {
        return keepIterations == null && goesOnForEver()
                ? Integer.valueOf(USUALLY_KEPT)
                : keepIterations;
    }

    /** The same run with other pairs. */
    public RunSpecification measuring(List<NormPair> others) {
        return new RunSpecification(
                trainer,
                model,
                dataset,
                training,
                seed,
                rewind,
                length,
                others,
                policy,
                keepIterations,
                shadows);
    }

    @JsonCreator
    static RunSpecification of(
            @JsonProperty("trainer") @Nullable TrainerKind trainer,
            @JsonProperty("model") @Nullable String model,
            @JsonProperty("dataset") @Nullable DatasetSpec dataset,
            @JsonProperty("training") @Nullable TrainingSpec training,
            @JsonProperty("seed") @Nullable Long seed,
            @JsonProperty("rewind") @Nullable Rewind rewind,
            @JsonProperty("iterations") @Nullable RunLength length,
            @JsonProperty("pairs") @Nullable PairsChoice pairs,
            @JsonProperty("policy") @Nullable Policy policy,
            @JsonProperty("keepIterations") @Nullable Integer keepIterations,
            @JsonProperty("shadows") @Nullable List<Shadow> shadows) {
        return new RunSpecification(
                trainer == null ? TrainerKind.ESPALIER : trainer,
                model,
                dataset,
                training == null ? TrainingSpec.DEFAULT : training,
                seed == null ? 0 : seed,
                rewind == null ? Rewind.INITIAL : rewind,
                length,
                pairs == null ? NormPair.DEFAULTS : pairs.pairs(),
                policy,
                keepIterations,
                shadows);
    }
}
