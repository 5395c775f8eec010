// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.schemas.RunId;
import java.util.List;

/**
 * A run that was followed, as {@code --output json} prints it.
 *
 * @param status such as {@code completed}
 */
public record RunReport(RunId runId, List<IterationRow> iterations, String status) {

    public RunReport {
        iterations = List.copyOf(iterations);
    }
}
