// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.schemas.event.PolicyStatus;
import org.jspecify.annotations.Nullable;

/**
 * The last policy that was selected, where the controller refused it.
 *
 * @param setBy the id of the event that selected it; null where it has none
 * @param reason in words
 */
public record RefusedPolicy(@Nullable String setBy, String reason) {

    /**
     * @return null where the last one was accepted, or there is none
     */
    public static @Nullable RefusedPolicy of(LoopView view, String target) {
        return view.policyStatus(target).map(RefusedPolicy::of).orElse(null);
    }

    private static @Nullable RefusedPolicy of(PolicyStatus status) {
        return status.reason() == null
                ? null
                : new RefusedPolicy(status.selection(), status.reason().message());
    }

    /** In one line, such as {@code tiny/policy-1: p must be below q}. */
    public String text() {
        return "%s: %s"
                .formatted(
                        setBy == null ? "an event without id" : setBy,
                        reason.replaceAll("\\s*\\R\\s*", "; "));
    }
}
