// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.documents.PolicyVersion;
import dev.espalier.transport.events.Received;
import org.jspecify.annotations.Nullable;

/**
 * The policy that the next decision will use, found as the controller finds it: selected for the
 * run, else named in its request, else selected for every run, else built in.
 *
 * @param origin where it comes from, for people
 */
public record PolicyInForce(Policy policy, String version, String origin) {

    public static PolicyInForce ofEveryRun(LoopView view) {
        return view.selectedPolicy(PolicySelected.DEFAULT_TARGET)
                .map(PolicyInForce::selected)
                .orElseGet(() -> of(Policy.DEFAULT, "built-in"));
    }

    public static PolicyInForce of(LoopView view, RunRequested request) {
        return view.selectedPolicy(request.key())
                .map(PolicyInForce::selected)
                .orElseGet(
                        () -> {
                            @Nullable Policy own = request.specification().policy();
                            return own == null
                                    ? ofEveryRun(view)
                                    : of(own, "the request of " + request.runId());
                        });
    }

    private static PolicyInForce selected(Received<PolicySelected> received) {
        PolicySelected event = received.event();
        return of(
                event.policy(),
                "selected for %s at %s"
                        .formatted(
                                event.targetsDefault() ? "every run" : event.target(),
                                event.selectedAt()));
    }

    private static PolicyInForce of(Policy policy, String origin) {
        return new PolicyInForce(policy, PolicyVersion.of(policy), origin);
    }
}
