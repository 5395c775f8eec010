// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import java.util.OptionalDouble;

/**
 * The PQ Index and its bound, from the number of active weights and two power sums (Diao et al.,
 * ICLR 2023, definition 1 and theorem 2).
 *
 * <p>With the power means M_s = (Σ|w|^s / d)^(1/s), the index is I = 1 − M_p / M_q: the factor
 * d^(1/q − 1/p) of the definition cancels, and no intermediate value overflows. StrictMath makes
 * the result the same on every platform.
 */
public final class PqIndex {

    private PqIndex() {}

    /**
     * I(p, q), in [0, 1); a rounding error below 0 is clamped. Undefined (empty) if no weight is
     * active, or if all active weights are 0.
     *
     * @param d number of active weights
     * @param sumP Σ|w|^p over them
     * @param sumQ Σ|w|^q over them
     */
    public static OptionalDouble of(long d, double sumP, double sumQ, NormPair pair) {
        if (!(Double.isFinite(sumP) && Double.isFinite(sumQ))) {
            throw new IllegalArgumentException(
                    "the power sums of %s are %s and %s: the weights are not all finite"
                            .formatted(pair, sumP, sumQ));
        }
        if (d == 0 || sumP == 0 || sumQ == 0) {
            return OptionalDouble.empty();
        }
        double meanP = StrictMath.pow(sumP / d, 1 / pair.p());
        double meanQ = StrictMath.pow(sumQ / d, 1 / pair.q());
        return OptionalDouble.of(Math.max(0.0, 1 - meanP / meanQ));
    }

    /** r, the least number of weights to keep: d (1+η)^(−q/(q−p)) (1−I)^(qp/(q−p)), not rounded. */
    public static double retain(long d, double index, NormPair pair, double eta) {
        double span = pair.q() - pair.p();
        return d
                * StrictMath.pow(1 + eta, -pair.q() / span)
                * StrictMath.pow(1 - index, pair.q() * pair.p() / span);
    }
}
