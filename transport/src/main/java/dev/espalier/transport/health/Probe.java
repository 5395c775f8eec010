// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

/** Asks a dependency for a sign of life, within a second or two. */
@FunctionalInterface
public interface Probe {

    /**
     * Returns if the dependency has answered.
     *
     * @throws Exception if it has not
     */
    void check() throws Exception;
}
