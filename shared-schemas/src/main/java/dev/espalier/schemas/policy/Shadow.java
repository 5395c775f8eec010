// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.espalier.schemas.sparsity.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is asked beside the one in force, and never obeyed. Floors and exclusions are those
 * of the policy that names it, so that the rules are compared and nothing else.
 *
 * @param name tells the shadows of a policy apart
 * @param scope that of the policy where it is absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Shadow(String name, @Nullable Scope scope, PruningRule rule) {

    /** The lottery ticket: the baseline that every reader knows. */
    public static final Shadow LOTTERY_TICKET =
            new Shadow("fixed-ratio-0.2", null, new PruningRule.FixedRatio(0.2));

    /** So many may be named. */
    public static final int MOST = 8;

    public Shadow {
        if (name.isBlank()) {
            throw new IllegalArgumentException("shadows.name is blank: give each shadow a name");
        }
    }

    /** The same shadows, where they are few enough and can be told apart. */
    public static @Nullable List<Shadow> distinct(@Nullable List<Shadow> shadows) {
        if (shadows == null) {
            return null;
        }
        List<String> names = shadows.stream().map(Shadow::name).toList();
        if (names.size() > MOST || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    "shadows are %s: at most %d, each with a name of its own, are allowed"
                            .formatted(names, MOST));
        }
        return List.copyOf(shadows);
    }
}
