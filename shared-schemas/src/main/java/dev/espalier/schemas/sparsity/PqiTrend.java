// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The course of a run's PQ Index up to an iteration: all that the next iteration needs.
 *
 * @param smoothed the index of the trained weights, averaged: the newest counts for half, or more
 *     if more than a fifth of the weights were pruned
 * @param lowest the smallest smoothed one since the phase was regularisation
 * @param highest the largest smoothed one since then
 * @param justPruned the course of the weights just pruned; absent before the first pruning
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PqiTrend(
        Phase phase,
        double smoothed,
        double lowest,
        double highest,
        @Nullable JustPruned justPruned) {

    /**
     * The index of the weights that a mask left, before they were trained again.
     *
     * @param smoothed the index, averaged in the same way
     * @param highest the largest smoothed one since the phase was regularisation
     */
    public record JustPruned(double smoothed, double highest) {}
}
