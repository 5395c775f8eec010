// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.espalier.schemas.sparsity.NormPair;
import java.util.List;

/** The pairs of a specification as people write them: a list, or {@code grid}. */
record PairsChoice(List<NormPair> pairs) {

    private static final String GRID = "grid";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PairsChoice of(List<NormPair> pairs) {
        return new PairsChoice(pairs);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PairsChoice named(String name) {
        if (!name.equals(GRID)) {
            throw new IllegalArgumentException(
                    "pairs is '%s': a list of p and q is wanted, or %s".formatted(name, GRID));
        }
        return new PairsChoice(NormPair.GRID);
    }
}
