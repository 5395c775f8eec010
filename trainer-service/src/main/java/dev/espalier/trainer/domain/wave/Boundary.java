// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

/** What holds on the boundary of the square. */
public enum Boundary {
    /** u = 0. */
    DIRICHLET,
    /** ∂u/∂n = 0: waves are reflected. */
    NEUMANN,
    /** c² ∂u/∂n = −c u_t: waves leave, to first order. */
    ABSORBING
}
