// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

/**
 * When a plan is made.
 *
 * @param iteration t
 * @param easing factor on what the rule takes: 1, or less after a roll-back
 */
public record Moment(int iteration, double easing) {

    /** Before anything was pruned. */
    public static final Moment FIRST = new Moment(0, 1);
}
