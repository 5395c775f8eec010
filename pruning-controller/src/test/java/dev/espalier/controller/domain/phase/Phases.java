// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.phase;

import dev.espalier.schemas.sparsity.Phase;

/** Courses as words of one letter per iteration. */
final class Phases {

    private Phases() {}

    /** R falls, K rises, C breaks down. */
    static char letter(Phase phase) {
        return switch (phase) {
            case REGULARISATION -> 'R';
            case COMPRESSION -> 'K';
            case COLLAPSE -> 'C';
        };
    }
}
