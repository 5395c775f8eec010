// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.Exclusions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.option.PairConverter;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.offline.SnapshotMeasurement;
import dev.espalier.pqi.domain.MeasuredSnapshot;
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
public final class MeasureCommand implements Callable<Integer> {

    private static final int MOST_COLUMNS = 8;

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
            paramLabel = "p,q|grid",
            arity = "1..*",
            converter = PairConverter.class,
            description =
                    "Default: 0.5,1 1,2. grid: p of 0.1 to 1 and q of 1 to 2 in steps of 0.1, in a table that shows the global ones.")
    private List<PairConverter.Chosen> chosen = List.of();

    @Option(
            names = "--scope",
            paramLabel = "global|layer|neuron",
            split = ",",
            description =
                    "One group for all, per tensor, or per row; may be repeated. Default: all of them, in a table without the rows.")
    private List<Scope> scopes = List.of();

    @Option(
            names = "--gini",
            description = "The Gini index of everything and of each tensor, too, with its bound.")
    private boolean gini;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "The result is the same with any number. Default: one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    public MeasureCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw CliException.badInput("--threads is %d: at least 1 is needed".formatted(threads));
        }
        List<NormPair> pairs = NormPair.distinct(PairConverter.all(chosen));
        MeasuredSnapshot measured =
                SnapshotMeasurement.of(
                        context.resolve(file),
                        mask == null ? null : context.resolve(mask),
                        pairs,
                        gini,
                        threads);
        MeasurementReport report =
                MeasurementReport.of(
                        measured, scopes.isEmpty() ? defaultScopes(pairs) : EnumSet.copyOf(scopes));
        if (output.isJson()) {
            context.terminal().printJson(gini ? GiniReport.of(report, measured) : report);
        } else {
            table(report, pairs).lines().forEach(context.terminal()::print);
            if (gini) {
                context.terminal().print("");
                GiniReport.of(report, measured).table().lines().forEach(context.terminal()::print);
            }
            Exclusions.print(report.excluded(), context.terminal());
        }
        return ExitCode.OK;
    }

    /** Programs filter; people do not want thousands of rows that they have not asked for. */
    private Set<Scope> defaultScopes(List<NormPair> pairs) {
        if (output.isJson()) {
            return EnumSet.allOf(Scope.class);
        }
        return pairs.size() > MOST_COLUMNS
                ? EnumSet.of(Scope.GLOBAL)
                : EnumSet.of(Scope.GLOBAL, Scope.LAYER);
    }

    private static Table table(MeasurementReport report, List<NormPair> pairs) {
        return pairs.size() > MOST_COLUMNS ? indices(report) : groups(report, pairs);
    }

    /** One line per pair, where there are too many for columns. */
    private static Table indices(MeasurementReport report) {
        Table table =
                new Table(
                        List.of(
                                Column.left("scope"),
                                Column.left("tensor"),
                                Column.right("unit"),
                                Column.right("active"),
                                Column.right("p"),
                                Column.right("q"),
                                Column.right("I(p,q)"),
                                Column.right("r(p,q)")));
        for (MeasurementReport.Group group : report.groups()) {
            for (GroupIndex index : group.pqi()) {
                List<String> cells = new ArrayList<>(name(group));
                cells.add(Figures.plain(index.p()));
                cells.add(Figures.plain(index.q()));
                cells.add(Figures.index(index.value()));
                cells.add(Figures.weights(index.retain()));
                table.add(cells);
            }
        }
        return table;
    }

    private static List<String> name(MeasurementReport.Group group) {
        return List.of(
                Exclusions.label(group.scope()),
                group.tensor() == null ? "all" : group.tensor(),
                group.unit() == null ? Figures.NONE : group.unit().toString(),
                Long.toString(group.active()));
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
            List<String> cells = new ArrayList<>(name(group));
            for (GroupIndex index : group.pqi()) {
                cells.add(Figures.index(index.value()));
                cells.add(Figures.weights(index.retain()));
            }
            table.add(cells);
        }
        return table;
    }
}
