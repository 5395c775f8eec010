// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.Metric;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.Verdict;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.sparsity.GroupIndex;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one iteration. Null is what was not said yet.
 *
 * @param metrics of its trained weights
 * @param total number of weights that could be masked
 * @param active number of them that were active in training
 * @param pruned number of active weights that go after it
 * @param remaining active / total
 * @param pqi of all active weights together, one per pair
 * @param reason of the verdict, or why the snapshot could not be measured
 * @param trainedAt when its snapshot was first published
 * @param decidedAt when its decision was first published
 */
public record IterationView(
        int iteration,
        List<Metric> metrics,
        @Nullable Long total,
        @Nullable Long active,
        @Nullable Long pruned,
        @Nullable Double remaining,
        List<GroupIndex> pqi,
        @Nullable Verdict verdict,
        @Nullable Outcome outcome,
        @Nullable Reason reason,
        @Nullable PolicyRef policy,
        List<TensorView> tensors,
        List<EpochView> epochs,
        @Nullable Instant trainedAt,
        @Nullable Instant decidedAt) {}
