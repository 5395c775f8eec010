// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * d = the number of active weights of a group, and Σ|w|^s over them for some exponents s. Sums of
 * disjoint parts add, which is why one pass serves every pair and every scope.
 *
 * @param exponents ascending
 * @param active d
 * @param sums one per exponent
 */
public record PowerSums(List<Double> exponents, long active, List<Double> sums) {

    public PowerSums {
        exponents = List.copyOf(exponents);
        sums = List.copyOf(sums);
        if (exponents.size() != sums.size()) {
            throw new IllegalArgumentException(
                    "%d exponents but %d sums".formatted(exponents.size(), sums.size()));
        }
    }

    public static PowerSums none(List<Double> exponents) {
        return new PowerSums(exponents, 0, Collections.nCopies(exponents.size(), 0.0));
    }

    /** The sums of both groups together. The order of the operands is part of the result. */
    public PowerSums plus(PowerSums other) {
        if (!exponents.equals(other.exponents)) {
            throw new IllegalArgumentException(
                    "sums over the exponents %s and %s do not add"
                            .formatted(exponents, other.exponents));
        }
        List<Double> total = new ArrayList<>(sums.size());
        for (int i = 0; i < sums.size(); i++) {
            total.add(sums.get(i) + other.sums.get(i));
        }
        return new PowerSums(exponents, active + other.active, total);
    }

    public boolean covers(NormPair pair) {
        return exponents.contains(pair.p()) && exponents.contains(pair.q());
    }

    /** The PQ Index of the group; see {@link PqIndex#of}. */
    public OptionalDouble index(NormPair pair) {
        return PqIndex.of(active, sum(pair.p()), sum(pair.q()), pair);
    }

    private double sum(double exponent) {
        int at = exponents.indexOf(exponent);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "the exponent %s was not measured; measured are %s"
                            .formatted(exponent, exponents));
        }
        return sums.get(at);
    }
}
