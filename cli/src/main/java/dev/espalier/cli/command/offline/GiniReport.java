// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import dev.espalier.cli.command.option.Exclusions;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.MeasurementReport;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.GiniIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code measure} prints as JSON where the Gini index is asked for, too.
 *
 * @param gini of everything together, then of the tensors in the order of the file
 */
public record GiniReport(
        List<MeasurementReport.Group> groups, List<ExcludedTensor> excluded, List<Line> gini) {

    /**
     * @param tensor null for the global group
     * @param value null where the index is undefined
     */
    record Line(
            Scope scope,
            @Nullable String tensor,
            @Nullable Double value,
            @Nullable Double errorBound) {

        static Line of(Scope scope, @Nullable String tensor, @Nullable GiniIndex gini) {
            return gini == null
                    ? new Line(scope, tensor, null, null)
                    : new Line(scope, tensor, gini.value(), gini.errorBound());
        }
    }

    static GiniReport of(MeasurementReport report, MeasuredSnapshot measured) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(Scope.GLOBAL, null, measured.gini()));
        for (MeasuredTensor tensor : measured.tensors()) {
            lines.add(Line.of(Scope.LAYER, tensor.tensor(), tensor.gini()));
        }
        return new GiniReport(report.groups(), report.excluded(), lines);
    }

    Table table() {
        Table table =
                new Table(
                        List.of(
                                Column.left("scope"),
                                Column.left("tensor"),
                                Column.right("Gini"),
                                Column.right("+-")));
        for (Line line : gini) {
            table.add(
                    List.of(
                            Exclusions.label(line.scope()),
                            line.tensor() == null ? "all" : line.tensor(),
                            Figures.index(line.value()),
                            line.errorBound() == null
                                    ? Figures.NONE
                                    : String.format(Locale.ROOT, "%.0e", line.errorBound())));
        }
        return table;
    }
}
