// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.schemas.event.Verdict;

/** What is counted. */
public interface DecisionObserver {

    /** What became of a message. */
    enum EventOutcome {
        PROCESSED,
        DUPLICATE,
        DEAD_LETTERED
    }

    /** A decision was made by this process. */
    void decided(Verdict verdict);

    /** A user selected a policy. */
    void policySelected(boolean accepted);

    /**
     * @param type the CloudEvents type, or {@code unknown}
     */
    void event(String type, EventOutcome outcome);
}
