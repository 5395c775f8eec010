// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.run.RunOverview;
import dev.espalier.schemas.Topic;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "runs", description = "List all runs, the latest first.")
public final class RunsCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    public RunsCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Runs(List<RunOverview> runs) {}

    @Override
    public Integer call() {
        LoopView view =
                loopOptions.open(context).read(Topic.RUNS, Topic.RUN_STATUS, Topic.DECISIONS);
        List<RunOverview> runs =
                view.requests().stream()
                        .map(request -> RunOverview.of(view, request))
                        .sorted(Comparator.comparing(RunOverview::requestedAt).reversed())
                        .toList();
        if (output.isJson()) {
            context.terminal().printJson(new Runs(runs));
        } else if (runs.isEmpty()) {
            context.terminal()
                    .notice(
                            "There is no run yet. Maybe start one: ./espalier run --model mlp --dataset wave-source --follow");
        } else {
            table(runs).lines().forEach(context.terminal()::print);
        }
        return ExitCode.OK;
    }

    static Table table(List<RunOverview> runs) {
        Table table =
                new Table(
                        List.of(
                                Column.left("run"),
                                Column.left("status"),
                                Column.right("iteration"),
                                Column.right("remaining %"),
                                Column.right("PQI"),
                                Column.right("accuracy"),
                                Column.left("model"),
                                Column.left("data set"),
                                Column.left("asked for at")));
        for (RunOverview run : runs) {
            table.add(
                    List.of(
                            run.runId().value(),
                            run.status(),
                            run.iteration()
                                    + (run.iterations() == null ? "" : "/" + run.iterations()),
                            Figures.percent(run.remaining()),
                            Figures.index(run.pqi()),
                            Figures.index(run.accuracy()),
                            orNone(run.model()),
                            orNone(run.dataset()),
                            run.requestedAt().truncatedTo(ChronoUnit.SECONDS).toString()));
        }
        return table;
    }

    private static String orNone(@Nullable String text) {
        return text == null ? Figures.NONE : text;
    }
}
