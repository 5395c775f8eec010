// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

/**
 * An invariant does not hold.
 *
 * @param invariant as numbered in {@code docs/architecture.md}; 0 where the simulation itself
 *     failed
 * @param what happened, where and at which step
 */
public record Violation(int invariant, String what) {

    @Override
    public String toString() {
        return "invariant %d: %s".formatted(invariant, what);
    }
}
