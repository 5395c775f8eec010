// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

/**
 * When a plan is made.
 *
 * @param iteration t
 */
public record Moment(int iteration) {

    /** Before anything was pruned. */
    public static final Moment FIRST = new Moment(0);
}
