// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is evaluated alongside the one in force, and never obeyed. Floors and exclusions are
 * those of the policy that names it, so that only the rules differ.
 *
 * @param name unique among the shadows of a policy
 * @param scope absent: the scope of the policy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Shadow(String name, @Nullable Scope scope, PruningRule rule) {

    /** The lottery ticket: the usual baseline. */
    public static final Shadow LOTTERY_TICKET =
            new Shadow("fixed-ratio-0.2", null, new PruningRule.FixedRatio(0.2));

    /** The greatest number of shadows of a policy. */
    public static final int MOST = 8;

    public Shadow {
        if (name.isBlank()) {
            throw new IllegalArgumentException("shadows.name is blank: give each shadow a name");
        }
    }

    /** Returns the shadows if they are few enough and their names differ. */
    public static @Nullable List<Shadow> distinct(@Nullable List<Shadow> shadows) {
        if (shadows == null) {
            return null;
        }
        List<String> names = shadows.stream().map(Shadow::name).toList();
        if (names.size() > MOST || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "shadows are %s: at most %d, each with its own name, are allowed"
                            .formatted(names, MOST));
        }
        return List.copyOf(shadows);
    }
}
