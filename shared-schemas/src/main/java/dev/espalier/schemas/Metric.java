// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

/**
 * One number about a model, finite: a metric that diverged is absent.
 *
 * @param name such as {@code accuracy} (a ratio from 0 to 1) or {@code loss}
 * @param split the data it was computed on: {@code train}, {@code validation} or {@code test}
 */
public record Metric(String name, String split, double value) {

    public Metric {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "%s on %s is %s: JSON has no such number\nTry: leave the metric out"
                            .formatted(name, split, value));
        }
    }
}
