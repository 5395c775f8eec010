// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.sparsity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The two norms of a PQ Index, 0 &lt; p &lt; q (Diao et al., ICLR 2023, section 3).
 *
 * <p>Exponents up to 8 are accepted: no power of a 32-bit float then leaves the range of a double.
 */
public record NormPair(double p, double q) {

    /** The pairs that the paper plots and prunes with. */
    public static final List<NormPair> DEFAULTS =
            List.of(new NormPair(0.5, 1.0), new NormPair(1.0, 2.0));

    /**
     * The paper's whole grid, with the defaults first: p in 0.1, 0.2, … 1 and q in 1, 1.1, … 2,
     * without p = q = 1, which is not an index. 20 exponents make 109 pairs.
     */
    public static final List<NormPair> GRID = distinct(grid());

    private static final double SMALLEST = 0.01;
    private static final double LARGEST = 8;

    public NormPair {
        if (!(p < q)) {
            throw new IllegalArgumentException(
                    "p is %s and q is %s: p must be below q\n%s"
                            .formatted(
                                    p,
                                    q,
                                    p > q
                                            ? "Did you mean p %s and q %s?".formatted(q, p)
                                            : "Try: p 0.5 and q 1.0"));
        }
        if (!(p >= SMALLEST && q <= LARGEST)) {
            throw new IllegalArgumentException(
                    "p is %s and q is %s: both must lie within %s to %s"
                            .formatted(p, q, SMALLEST, LARGEST));
        }
    }

    /** The pairs without repetitions, in their order; the defaults if the list is empty. */
    public static List<NormPair> distinct(List<NormPair> pairs) {
        return pairs.isEmpty() ? DEFAULTS : List.copyOf(new LinkedHashSet<>(pairs));
    }

    private static List<NormPair> grid() {
        List<NormPair> pairs = new ArrayList<>(DEFAULTS);
        for (int p = 1; p <= 10; p++) {
            for (int q = 10; q <= 20; q++) {
                if (p < q) {
                    pairs.add(new NormPair(p / 10.0, q / 10.0));
                }
            }
        }
        return pairs;
    }

    /** Whether the pairs contain the whole grid; the measurement then has the Gini index, too. */
    public static boolean haveGrid(List<NormPair> pairs) {
        return pairs.size() >= GRID.size() && new HashSet<>(pairs).containsAll(GRID);
    }

    /** Every exponent that occurs in the pairs, ascending, without repetitions. */
    public static List<Double> exponents(List<NormPair> pairs) {
        return pairs.stream()
                .flatMap(pair -> java.util.stream.Stream.of(pair.p, pair.q))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public String toString() {
        return "(" + p + ", " + q + ")";
    }
}
