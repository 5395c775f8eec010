// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy document: what is pruned, how much of it, and when it ends.
 *
 * @param name for people
 * @param scope which weights are one group
 * @param rule how many weights of a group are pruned
 * @param keepAtLeast weights to keep in every group, also where the rule would prune more
 * @param exclude name patterns of tensors that are not pruned; {@code *} stands for any characters
 * @param stop when the run ends
 * @param limits bounds for some tensors in addition to the rule; the first one that names a tensor
 *     applies. An empty list is not written, so that a policy without limits keeps its version
 * @param guard the budget; null if the policy has no guard
 * @param shadows rules that are evaluated alongside; null stands for the lottery ticket
 */
public record Policy(
        String name,
        Scope scope,
        PruningRule rule,
        long keepAtLeast,
        List<String> exclude,
        StopRule stop,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TensorLimit> limits,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Guard guard,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Shadow> shadows) {

    public static final Policy DEFAULT =
            new Policy(
                    "sap-default",
                    Scope.LAYER,
                    new PruningRule.Sap(0.5, 1, 0, 1, 0.9),
                    1,
                    List.of(),
                    new StopRule(30, null));

    public Policy {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is blank: give the policy a name");
        }
        if (keepAtLeast < 0) {
            throw new IllegalArgumentException("keepAtLeast is " + keepAtLeast + ", below 0");
        }
        exclude = List.copyOf(exclude);
        limits = List.copyOf(limits);
        shadows = Shadow.distinct(shadows);
        if (scope == Scope.GLOBAL && !limits.isEmpty()) {
            throw new IllegalArgumentException(
                    "limits are given for '%s' but scope is global, where all tensors are one group: limits need the scope layer or neuron"
                            .formatted(limits.getFirst().tensors()));
        }
    }

    /** A policy without limits and guard, and with the usual shadow. */
    public Policy(
            String name,
            Scope scope,
            PruningRule rule,
            long keepAtLeast,
            List<String> exclude,
            StopRule stop) {
        this(name, scope, rule, keepAtLeast, exclude, stop, List.of(), null, null);
    }

    @JsonCreator
    static Policy of(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty("scope") @Nullable Scope scope,
            @JsonProperty(value = "rule", required = true) PruningRule rule,
            @JsonProperty("keepAtLeast") @Nullable Long keepAtLeast,
            @JsonProperty("exclude") @Nullable List<String> exclude,
            @JsonProperty("stop") @Nullable StopRule stop,
            @JsonProperty("limits") @Nullable List<TensorLimit> limits,
            @JsonProperty("guard") @Nullable Guard guard,
            @JsonProperty("shadows") @Nullable List<Shadow> shadows) {
        return new Policy(
                name,
                scope == null ? Scope.LAYER : scope,
                rule,
                keepAtLeast == null ? 1 : keepAtLeast,
                exclude == null ? List.of() : exclude,
                stop == null ? StopRule.NONE : stop,
                limits == null ? List.of() : limits,
                guard,
                shadows);
    }

    /** The rules that are evaluated alongside the one in force. */
    public List<Shadow> shadowRules() {
        return shadows == null ? List.of(Shadow.LOTTERY_TICKET) : shadows;
    }

    /**
     * This policy with the shadows of a run, if it names no shadows itself.
     *
     * @param ofRun null if the run does not name any
     */
    public Policy watchedBy(@Nullable List<Shadow> ofRun) {
        return shadows != null || ofRun == null
                ? this
                : new Policy(name, scope, rule, keepAtLeast, exclude, stop, limits, guard, ofRun);
    }

    /** The policy that a shadow stands for. Limits apply if its scope has tensors. */
    public Policy shadowed(Shadow shadow) {
        Scope at = shadow.scope() == null ? scope : shadow.scope();
        return new Policy(
                shadow.name(),
                at,
                shadow.rule(),
                keepAtLeast,
                exclude,
                stop,
                at == Scope.GLOBAL ? List.of() : limits,
                null,
                List.of());
    }

    /** The first limit that names the tensor, or null. */
    public @Nullable TensorLimit limitOf(String tensor) {
        return limits.stream()
                .filter(limit -> new NamePattern(limit.tensors()).matches(tensor))
                .findFirst()
                .orElse(null);
    }

    /** The first pattern that names the tensor, or null. */
    public @Nullable String excludedBy(String tensor) {
        return exclude.stream()
                .filter(pattern -> new NamePattern(pattern).matches(tensor))
                .findFirst()
                .orElse(null);
    }
}
