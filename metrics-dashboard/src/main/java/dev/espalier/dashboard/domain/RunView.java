// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.domain;

import dev.espalier.schemas.run.RunSpecification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one run.
 *
 * @param specification null where the request was not seen
 * @param history one entry per iteration, ascending
 */
public record RunView(
        RunRow row, @Nullable RunSpecification specification, List<IterationView> history) {}
