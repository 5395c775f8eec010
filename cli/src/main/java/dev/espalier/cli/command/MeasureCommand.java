// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.offline.SnapshotMeasurement;
import dev.espalier.pqi.domain.MeasurementReport;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "measure",
        description =
                "Measure how compressible a safetensors file is: the PQ Index of its weights. Needs no stack.",
        footer = {
            "",
            "I(p,q) is 0 where all weights are equal and rises with sparsity; a dash where it is undefined.",
            "r is how many weights must at least stay, by theorem 2 with eta = 0."
        })
final class MeasureCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "FILE.safetensors", description = "The weights.")
    private Path file = Path.of("");

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "Which weights are active. Default: all.")
    private @Nullable Path mask;

    @Option(
            names = "--pairs",
            paramLabel = "p,q",
            arity = "1..*",
            converter = PairConverter.class,
            description = "Default: 0.5,1 1,2.")
    private List<NormPair> pairs = List.of();

    @Option(
            names = "--scope",
            paramLabel = "global|layer|neuron",
            split = ",",
            description =
                    "One group for all, per tensor, or per row; may be repeated. Default: all of them, in a table without the rows.")
    private List<Scope> scopes = List.of();

    MeasureCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        MeasurementReport report =
                SnapshotMeasurement.of(
                        context.resolve(file),
                        mask == null ? null : context.resolve(mask),
                        pairs,
                        scopes.isEmpty() ? defaultScopes() : EnumSet.copyOf(scopes));
        if (output.isJson()) {
            context.terminal().printJson(report);
        } else {
            groups(report, NormPair.distinct(pairs)).lines().forEach(context.terminal()::print);
            Exclusions.print(report.excluded(), context.terminal());
        }
        return ExitCode.OK;
    }

    /** Programs filter; people do not want thousands of rows that they have not asked for. */
    private Set<Scope> defaultScopes() {
        return output.isJson() ? EnumSet.allOf(Scope.class) : EnumSet.of(Scope.GLOBAL, Scope.LAYER);
    }

    static Table groups(MeasurementReport report, List<NormPair> pairs) {
        List<Column> columns =
                new ArrayList<>(
                        List.of(
                                Column.left("scope"),
                                Column.left("tensor"),
                                Column.right("unit"),
                                Column.right("active")));
        for (NormPair pair : pairs) {
            String name = Figures.plain(pair.p()) + "," + Figures.plain(pair.q());
            columns.add(Column.right("I(%s)".formatted(name)));
            columns.add(Column.right("r(%s)".formatted(name)));
        }
        Table table = new Table(columns);
        for (MeasurementReport.Group group : report.groups()) {
            List<String> cells =
                    new ArrayList<>(
                            List.of(
                                    Exclusions.label(group.scope()),
                                    group.tensor() == null ? "all" : group.tensor(),
                                    group.unit() == null ? Figures.NONE : group.unit().toString(),
                                    Long.toString(group.active())));
            for (GroupIndex index : group.pqi()) {
                cells.add(Figures.index(index.value()));
                cells.add(Figures.weights(index.retain()));
            }
            table.add(cells);
        }
        return table;
    }
}
