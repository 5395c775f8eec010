// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

/**
 * The course of a run's PQ Index up to an iteration: all that the next one needs to go on.
 *
 * @param smoothed the index, averaged with weights that halve from iteration to iteration
 * @param lowest the smallest smoothed one since the phase was regularisation
 * @param highest the largest smoothed one since then
 */
public record PqiTrend(Phase phase, double smoothed, double lowest, double highest) {}
