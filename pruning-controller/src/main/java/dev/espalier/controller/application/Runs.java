// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.RunSpecification;
import java.util.Optional;

/** The runs that were asked for. */
public interface Runs {

    Optional<KnownRun> find(RunId run);

    /**
     * @param requestId the event that asked for it
     */
    record KnownRun(RunSpecification specification, String requestId) {}
}
