// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.verdict;

import dev.espalier.schemas.Reason;
import dev.espalier.schemas.event.Outcome;
import dev.espalier.schemas.event.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * A verdict with its reason.
 *
 * @param outcome how the run ends; there exactly when the verdict is stop
 */
public record Ruling(Verdict verdict, @Nullable Outcome outcome, Reason reason) {

    public static Ruling prune(Reason reason) {
        return new Ruling(Verdict.PRUNE, null, reason);
    }

    public static Ruling keep(Reason reason) {
        return new Ruling(Verdict.KEEP, null, reason);
    }

    public static Ruling rollBack(Reason reason) {
        return new Ruling(Verdict.ROLL_BACK, null, reason);
    }

    /** The run has come to its end. */
    public static Ruling completed(Reason reason) {
        return new Ruling(Verdict.STOP, Outcome.COMPLETED, reason);
    }

    /** The run cannot go on. */
    public static Ruling failed(Reason reason) {
        return new Ruling(Verdict.STOP, Outcome.FAILED, reason);
    }

    /** The same with words put after the sentence. */
    public Ruling followed(String words) {
        return words.isEmpty()
                ? this
                : new Ruling(verdict, outcome, new Reason(reason.code(), reason.message() + words));
    }

    /** The same with words put before the sentence. */
    public Ruling prefaced(String words) {
        return words.isEmpty()
                ? this
                : new Ruling(verdict, outcome, new Reason(reason.code(), words + reason.message()));
    }
}
