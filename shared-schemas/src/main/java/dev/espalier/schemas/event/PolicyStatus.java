// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.policy.PolicyRef;
import org.jspecify.annotations.Nullable;

/**
 * The answer to the last policy on the topic of policies for a target. The place of the record
 * names it, because the record itself may be unreadable.
 *
 * @param target a run id, or {@code default}: the key of the record
 * @param selection the CloudEvents id of the record; absent if the record has no id
 * @param partition of the topic of policies
 * @param offset of the record in it
 * @param policy that is in force from the next decision on; there exactly when it is accepted
 * @param reason why not; there exactly when it is refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyStatus(
        String target,
        Answer answer,
        @Nullable String selection,
        int partition,
        long offset,
        @Nullable PolicyRef policy,
        @Nullable Reason reason)
        implements Event {

    /** The answer of the controller. */
    public enum Answer {
        /** It is in force from the next decision on. */
        @JsonProperty("accepted")
        ACCEPTED,
        /** Nothing changes: the policy in force before is still in force. */
        @JsonProperty("refused")
        REFUSED
    }

    public PolicyStatus {
        var _ = new RunId(target);
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "partition is %d and offset is %d: both count from 0"
                            .formatted(partition, offset));
        }
        if ((answer == Answer.ACCEPTED) != (policy != null)
                || (answer == Answer.REFUSED) != (reason != null)) {
            throw new IllegalArgumentException(
                    "answer is %s, policy is %s and reason is %s: a policy belongs to accepted, a reason to refused"
                            .formatted(answer, policy, reason));
        }
    }

    public static PolicyStatus accepted(
            String target, int partition, long offset, PolicyRef policy) {
        return new PolicyStatus(
                target, Answer.ACCEPTED, policy.setBy(), partition, offset, policy, null);
    }

    /**
     * @param selection null if the record has no id
     */
    public static PolicyStatus refused(
            String target, @Nullable String selection, int partition, long offset, Reason reason) {
        return new PolicyStatus(target, Answer.REFUSED, selection, partition, offset, null, reason);
    }

    @Override
    public String eventId() {
        return "%s/policy-status-%d-%d".formatted(target, partition, offset);
    }

    @Override
    public String subject() {
        return target.equals(PolicySelected.DEFAULT_TARGET) ? "policies/default" : "runs/" + target;
    }

    @Override
    public String key() {
        return target;
    }
}
