// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

/**
 * The Gini index of the magnitudes of a group of active weights, Σ(2k−d−1)·c_k / (d·Σc) over the
 * ascending c_1 … c_d (Hurley and Rickard 2009), as far as a histogram tells.
 *
 * @param value from 0, where all are equal, to below 1
 * @param errorBound the index lies within value ± this
 */
public record GiniIndex(double value, double errorBound) {

    public GiniIndex {
        if (!(value >= 0 && value <= 1 && errorBound >= 0 && errorBound <= 1)) {
            throw new IllegalArgumentException(
                    "a Gini index of %s ± %s: both lie within 0 to 1".formatted(value, errorBound));
        }
    }
}
