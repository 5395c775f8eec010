// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.decision;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code decision.json}: the register of one decision. It holds no time, so equal inputs give equal
 * bytes, and it names every input by digest, so the decision can be made again.
 *
 * @param decision the data of the event, to the letter
 * @param policy the whole document in force
 * @param weights w_t
 * @param mask m_t; absent where every weight is active
 * @param measurement absent where the snapshot could not be measured
 * @param groups planned counts, one entry per group of the policy's scope
 * @param excluded what the policy does not touch, and why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DecisionRecord(
        PruningDecided decision,
        Policy policy,
        ArtifactRef weights,
        @Nullable ArtifactRef mask,
        @Nullable ArtifactRef measurement,
        List<GroupCount> groups,
        List<ExcludedTensor> excluded) {

    public DecisionRecord {
        groups = List.copyOf(groups);
        excluded = List.copyOf(excluded);
    }
}
