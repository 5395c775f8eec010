// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.policy.Policy;
import java.time.Instant;

/**
 * The user selects a policy. It is in force as soon as the controller has accepted it.
 *
 * @param target a run id, or {@code default}: the policy of every run without its own
 * @param selectedAt when the user selected it; distinguishes two selections of one policy
 */
public record PolicySelected(String target, Policy policy, Instant selectedAt) implements Event {

    /** The target that stands for every run without its own policy. */
    public static final String DEFAULT_TARGET = "default";

    public PolicySelected {
        var _ = new RunId(target);
    }

    @Override
    public String eventId() {
        return "%s/policy-%d".formatted(target, selectedAt.toEpochMilli());
    }

    @Override
    public String subject() {
        return targetsDefault() ? "policies/default" : "runs/" + target;
    }

    @Override
    public String key() {
        return target;
    }

    @JsonIgnore
    public boolean targetsDefault() {
        return target.equals(DEFAULT_TARGET);
    }
}
