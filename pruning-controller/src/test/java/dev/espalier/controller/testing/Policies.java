// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.schemas.policy.Guard;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.policy.TensorLimit;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;

/** Policies by their rule and scope. */
public final class Policies {

    private Policies() {}

    public static Policy of(PruningRule rule, Scope scope) {
        return new Policy("test", scope, rule, 1, List.of(), StopRule.NONE);
    }

    public static Policy sap(Scope scope) {
        return of(new PruningRule.Sap(0.5, 1, 0, 1, 0.9), scope);
    }

    public static Policy fixedRatio(double ratio, Scope scope) {
        return of(new PruningRule.FixedRatio(ratio), scope);
    }

    public static Policy oneShot(double ratio, Scope scope) {
        return of(new PruningRule.OneShot(ratio), scope);
    }

    public static Policy excluding(Policy policy, String... patterns) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                List.of(patterns),
                policy.stop());
    }

    public static Policy keeping(Policy policy, long atLeast) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                atLeast,
                policy.exclude(),
                policy.stop());
    }

    public static Policy stopping(Policy policy, StopRule stop) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                stop);
    }

    public static Policy named(Policy policy, String name) {
        return new Policy(
                name,
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                policy.stop());
    }

    public static Policy limiting(Policy policy, TensorLimit... limits) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                policy.stop(),
                List.of(limits),
                null,
                null);
    }

    public static Policy guarding(Policy policy, double maxDrop, Guard.Action action) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                policy.stop(),
                policy.limits(),
                new Guard("accuracy", "test", maxDrop, action),
                policy.shadows());
    }

    public static Policy watched(Policy policy, Shadow... shadows) {
        return new Policy(
                policy.name(),
                policy.scope(),
                policy.rule(),
                policy.keepAtLeast(),
                policy.exclude(),
                policy.stop(),
                policy.limits(),
                policy.guard(),
                List.of(shadows));
    }
}
