// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.espalier.schemas.sparsity.NormPair;
import org.jspecify.annotations.Nullable;

/** How many weights of a group are pruned, and by which weights they are ranked. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PruningRule.Sap.class, name = "sap"),
    @JsonSubTypes.Type(value = PruningRule.FixedRatio.class, name = "fixed-ratio"),
    @JsonSubTypes.Type(value = PruningRule.OneShot.class, name = "one-shot"),
    @JsonSubTypes.Type(value = PruningRule.Gradual.class, name = "gradual"),
    @JsonSubTypes.Type(value = PruningRule.Expression.class, name = "expression")
})
public sealed interface PruningRule {

    /** The norms whose power sums the rule needs; null if it needs none. */
    default @Nullable NormPair pair() {
        return null;
    }

    /**
     * Sparsity-informed Adaptive Pruning, Algorithm 1 of Diao et al., ICLR 2023: min(γ (d − r), β
     * d) weights of a group are pruned, where r is the bound of theorem 2.
     *
     * @param p the smaller norm
     * @param q the larger norm
     * @param eta η, how much of the p-norm the pruned part may hold: 0 or more
     * @param gamma γ, scales the number to prune: above 0
     * @param beta β, the largest fraction to prune at once: above 0 and below 1
     */
    record Sap(double p, double q, double eta, double gamma, double beta) implements PruningRule {

        public Sap {
            var _ = new NormPair(p, q);
            if (!(eta >= 0 && Double.isFinite(eta))) {
                throw new IllegalArgumentException("eta is " + eta + ", not a number from 0 up");
            }
            if (!(gamma > 0 && Double.isFinite(gamma))) {
                throw new IllegalArgumentException("gamma is " + gamma + ", not a number above 0");
            }
            fraction("beta", beta);
        }

        @JsonCreator
        static Sap of(
                @JsonProperty("p") @Nullable Double p,
                @JsonProperty("q") @Nullable Double q,
                @JsonProperty("eta") @Nullable Double eta,
                @JsonProperty("gamma") @Nullable Double gamma,
                @JsonProperty("beta") @Nullable Double beta) {
            return new Sap(
                    p == null ? 0.5 : p,
                    q == null ? 1.0 : q,
                    eta == null ? 0 : eta,
                    gamma == null ? 1 : gamma,
                    beta == null ? 0.9 : beta);
        }

        @Override
        public NormPair pair() {
            return new NormPair(p, q);
        }
    }

    /** The lottery ticket's rule: a fixed fraction of the active weights, ranked by w_t. */
    record FixedRatio(double ratio) implements PruningRule {

        public FixedRatio {
            fraction("ratio", ratio);
        }
    }

    /** A fixed fraction of the active weights, always ranked by w_0, the trained dense model. */
    record OneShot(double ratio) implements PruningRule {

        public OneShot {
            fraction("ratio", ratio);
        }
    }

    /**
     * The cubic schedule of Zhu &amp; Gupta, 2017 (arXiv 1710.01878, equation 1): m_k has the
     * sparsity s(k) = s_f + (s_i − s_f) (1 − k/n)³ for 0 &lt; k ≤ n, and s_f from then on. Ranked
     * by w_t.
     *
     * @param initialSparsity s_i, from 0 and below s_f
     * @param finalSparsity s_f, above 0 and below 1: the fraction of a group's weights, pruned ones
     *     included, that is pruned in the end
     * @param iterations n, 1 or more
     */
    record Gradual(double initialSparsity, double finalSparsity, int iterations)
            implements PruningRule {

        public Gradual {
            fraction("rule.finalSparsity", finalSparsity);
            if (!(initialSparsity >= 0 && initialSparsity < finalSparsity)) {
                throw new IllegalArgumentException(
                        "rule.initialSparsity is %s: it must lie from 0 to below rule.finalSparsity, which is %s"
                                .formatted(initialSparsity, finalSparsity));
            }
            if (iterations < 1 || iterations > 999_999) {
                throw new IllegalArgumentException(
                        "rule.iterations is " + iterations + ", outside 1 to 999999");
            }
        }

        @JsonCreator
        static Gradual of(
                @JsonProperty("initialSparsity") @Nullable Double initialSparsity,
                @JsonProperty(value = "finalSparsity", required = true) double finalSparsity,
                @JsonProperty(value = "iterations", required = true) int iterations) {
            return new Gradual(
                    initialSparsity == null ? 0 : initialSparsity, finalSparsity, iterations);
        }

        /** s(k), the sparsity of the mask m_k. */
        public double sparsity(int k) {
            if (k >= iterations) {
                return finalSparsity;
            }
            double left = 1 - (double) k / iterations;
            return finalSparsity + (initialSparsity - finalSparsity) * left * left * left;
        }
    }

    /**
     * A fraction of the active weights that is computed from the measurement, ranked by w_t.
     *
     * @param ratio an expression in CEL (cel.dev), at most {@link #LONGEST} characters; the
     *     controller says whether it can be computed
     * @param p the smaller norm of its PQ Index
     * @param q the larger norm
     * @param eta η of its bound r
     */
    record Expression(String ratio, double p, double q, double eta) implements PruningRule {

        /** The greatest number of characters: enough for any rule, too few to be slow. */
        public static final int LONGEST = 1000;

        public Expression {
            if (ratio.isBlank() || ratio.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "rule.ratio has %d characters: an expression of 1 to %d is wanted, such as 'pqi > 0.3 ? 0.2 : 0.05'"
                                .formatted(ratio.strip().length(), LONGEST));
            }
            var _ = new NormPair(p, q);
            if (!(eta >= 0 && Double.isFinite(eta))) {
                throw new IllegalArgumentException("eta is " + eta + ", not a number from 0 up");
            }
        }

        @JsonCreator
        static Expression of(
                @JsonProperty(value = "ratio", required = true) String ratio,
                @JsonProperty("p") @Nullable Double p,
                @JsonProperty("q") @Nullable Double q,
                @JsonProperty("eta") @Nullable Double eta) {
            return new Expression(
                    ratio, p == null ? 0.5 : p, q == null ? 1.0 : q, eta == null ? 0 : eta);
        }

        @Override
        public NormPair pair() {
            return new NormPair(p, q);
        }
    }

    private static void fraction(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "%s is %s: it must lie above 0 and below 1".formatted(name, value));
        }
    }
}
