// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import java.io.Serial;

/**
 * All weights are finite, but a sum of their powers is beyond the range of a double. Weights of up
 * to 32 bits cannot do that for exponents up to 7; those of 64 bits can, above 1e154 for s = 2.
 */
public final class PowerSumOverflowException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public PowerSumOverflowException(String group, double exponent) {
        super(
                "the sum of |w|^%s over %s is beyond the range of a double\nMaybe ask for smaller exponents"
                        .formatted(exponent, group));
    }
}
