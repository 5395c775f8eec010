// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.replay;

import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.event.PruningDecided;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What two decisions on one iteration do not share, the weightiest first. */
final class Differences {

    private Differences() {}

    static List<String> between(PruningDecided recorded, PruningDecided again) {
        List<String> all = new ArrayList<>();
        add(all, "verdict", recorded.verdict().label(), again.verdict().label());
        add(all, "reason", text(recorded), text(again));
        add(all, "policy", recorded.policy().version(), again.policy().version());
        add(all, "pruned", recorded.pruned(), again.pruned());
        add(all, "mask", digest(recorded.mask()), digest(again.mask()));
        if (all.isEmpty()) {
            all.add("the entries of the register differ in other fields");
        }
        return all;
    }

    private static void add(
            List<String> all, String field, @Nullable Object recorded, @Nullable Object again) {
        if (!Objects.equals(recorded, again)) {
            all.add("%s: recorded is %s, now it is %s".formatted(field, recorded, again));
        }
    }

    private static String text(PruningDecided decision) {
        return decision.reason().code() + " (" + decision.reason().message() + ")";
    }

    private static @Nullable String digest(@Nullable ArtifactRef mask) {
        return mask == null ? null : mask.sha256().hex();
    }
}
