// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.espalier.dashboard.domain.IterationView;
import dev.espalier.dashboard.domain.RunRow;
import dev.espalier.dashboard.domain.RunView;
import dev.espalier.schemas.run.RunSpecification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run as JSON: the fields of its row in the table, then the rest. */
record RunDocument(
        @JsonUnwrapped RunRow row,
        @Nullable RunSpecification specification,
        List<IterationView> history) {

    static RunDocument of(RunView view) {
        return new RunDocument(view.row(), view.specification(), view.history());
    }
}
