// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import org.jspecify.annotations.Nullable;

/**
 * When a plan is made, and how the model is doing then.
 *
 * @param iteration t
 * @param easing factor on what the rule takes: 1, or less after a roll-back
 * @param remaining active / total of the whole model
 * @param metric of this iteration, the guard's or else the accuracy; null where it was not reported
 * @param denseMetric the same of iteration 0
 */
public record Moment(
        int iteration,
        double easing,
        double remaining,
        @Nullable Double metric,
        @Nullable Double denseMetric) {

    /** Before anything was pruned. */
    public static final Moment FIRST = at(0, 1);

    /** Of weights of which no more is known. */
    public static Moment at(int iteration, double remaining) {
        return new Moment(iteration, 1, remaining, null, null);
    }

    /** The same for those that know nothing of a roll-back. */
    public Moment uneased() {
        return new Moment(iteration, 1, remaining, metric, denseMetric);
    }
}
