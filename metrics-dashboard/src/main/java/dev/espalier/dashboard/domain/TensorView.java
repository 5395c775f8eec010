// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.sparsity.GroupIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of an iteration.
 *
 * @param total number of its weights; null until measured
 * @param active number of them that are active
 * @param pruned how many of those go; null until decided
 * @param remaining active / total; null where total is unknown or 0
 * @param pqi one per pair; empty until measured
 */
public record TensorView(
        String tensor,
        @Nullable Long total,
        long active,
        @Nullable Long pruned,
        @Nullable Double remaining,
        List<GroupIndex> pqi) {}
