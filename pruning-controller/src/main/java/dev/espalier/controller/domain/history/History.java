// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.history;

import dev.espalier.schemas.decision.DecisionRecord;
import java.util.Optional;

/** The register of one run. */
@FunctionalInterface
public interface History {

    /** Of a run on which nothing was decided yet. */
    History NONE = iteration -> Optional.empty();

    /** The decision on an iteration, if there is one. */
    Optional<DecisionRecord> at(int iteration);
}
