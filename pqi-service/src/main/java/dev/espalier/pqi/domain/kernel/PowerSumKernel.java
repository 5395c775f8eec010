// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain.kernel;

/**
 * Adds the powers |w|^s of one contiguous run of weights to {@link LaneSums}.
 *
 * <p>The result is defined to the last bit, and every implementation gives the same:
 *
 * <ul>
 *   <li>A weight is widened without error; all arithmetic is IEEE 754.
 *   <li>The powers are those of {@link Power}, in double.
 *   <li>Weight k of the run, counted from its start, belongs to lane k mod {@value LaneSums#LANES}.
 *       A lane starts at 0 and takes the powers of its weights one after the other, in ascending k,
 *       one rounding per addition.
 *   <li>A root in two parts adds s to its lane at once, and e·h to a sum in float that is kept for
 *       the lane: correction ← fma(e, h, correction). After every {@value LaneSums#BLOCK} weights
 *       of the run, and after the last, half of that sum is added to the lane, and it starts at 0
 *       again.
 *   <li>A run whose squares sum to more than 0 and less than {@link FloatRoot#FAINT} takes its
 *       roots once more: each in double, added to its lane at once.
 *   <li>A weight that the mask has pruned adds nothing and is not looked at: whatever stands there,
 *       NaN included, has no influence.
 *   <li>The lanes are combined by {@link LaneSums#sum}.
 * </ul>
 *
 * <p>Implementations have no state of their own and may be shared by threads.
 */
public sealed interface PowerSumKernel permits ScalarPowerSums, VectorPowerSums {

    /** For logs. */
    String name();

    /**
     * @param from index of the first weight of the run in the chunk
     * @param to index after the last one
     * @param lanes cleared by the caller; receives the sums
     */
    void accumulate(WeightChunk weights, int from, int to, LaneSums lanes);
}
