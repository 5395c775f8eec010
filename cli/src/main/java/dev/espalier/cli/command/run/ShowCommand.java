// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.run.IterationTable;
import dev.espalier.cli.run.RunDetail;
import dev.espalier.cli.run.RunOverview;
import dev.espalier.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show one run: its iterations, decisions and objects.")
public final class ShowCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    private String run = "";

    public ShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        LoopConnection loop = loopOptions.open(context);
        LoopView view =
                loop.read(
                        Topic.RUNS,
                        Topic.RUN_STATUS,
                        Topic.POLICIES,
                        Topic.POLICY_STATUS,
                        Topic.DECISIONS);
        RunDetail detail = RunDetail.of(view, KnownRun.in(view, run), loop.address().stack());
        if (output.isJson()) {
            context.terminal().printJson(detail);
        } else {
            print(detail, context.terminal());
        }
        return ExitCode.OK;
    }

    static void print(RunDetail detail, Terminal terminal) {
        var summary = detail.summary();
        var training = detail.specification().training();
        terminal.print("run        " + detail.runId());
        terminal.print(
                "status     "
                        + detail.status()
                        + (summary.reason() == null
                                ? ""
                                : ": " + IterationTable.oneLine(summary.reason())));
        terminal.print(
                "iteration  %d%s%s"
                        .formatted(
                                summary.iteration(),
                                summary.iterations() == null ? "" : " of " + summary.iterations(),
                                pace(summary)));
        terminal.print(
                "training   %s on %s, %d epochs, batch %d, learning rate %s, seed %d, trainer %s"
                        .formatted(
                                orNone(summary.model()),
                                orNone(summary.dataset()),
                                training.epochs(),
                                training.batchSize(),
                                Figures.plain(training.learningRate()),
                                detail.specification().seed(),
                                label(summary.trainer())));
        terminal.print(
                "policy     %s, version %s, %s"
                        .formatted(
                                detail.policy().policy().name(),
                                detail.policy().version(),
                                detail.policy().origin()));
        if (detail.refused() != null) {
            terminal.print("refused    " + detail.refused().text());
        }
        terminal.print("objects    " + objects(detail.objects()));
        terminal.print("");
        table(detail).lines().forEach(terminal::print);
        if (!detail.iterations().isEmpty() && !detail.iterations().getLast().shadows().isEmpty()) {
            terminal.print("");
            shadows(detail.iterations().getLast()).lines().forEach(terminal::print);
        }
    }

    private static String pace(RunOverview summary) {
        StringBuilder pace = new StringBuilder();
        if (summary.imagesPerSecond() != null) {
            pace.append(", ").append(Figures.whole(summary.imagesPerSecond())).append(" images/s");
        }
        if (summary.etaSeconds() != null) {
            Duration left = Duration.ofSeconds(Math.round(summary.etaSeconds()));
            pace.append(", ETA ").append(Figures.clock(left));
        }
        return pace.toString();
    }

    private static Table table(RunDetail detail) {
        Table table =
                new Table(
                        List.of(
                                Column.right("iteration"),
                                Column.right("remaining %"),
                                Column.right("PQI"),
                                Column.right("just pruned"),
                                Column.left("phase"),
                                Column.right("accuracy"),
                                Column.right("just pruned"),
                                Column.left("verdict"),
                                Column.right("active"),
                                Column.right("pruned"),
                                Column.left("policy"),
                                Column.left("version"),
                                Column.left("reason")));
        for (RunDetail.Decided row : detail.iterations()) {
            table.add(
                    List.of(
                            Integer.toString(row.iteration()),
                            Figures.percent(row.remaining()),
                            Figures.index(row.pqi()),
                            Figures.index(row.prunedPqi()),
                            row.phase() == null ? Figures.NONE : row.phase(),
                            Figures.index(row.accuracy()),
                            Figures.index(row.prunedAccuracy()),
                            row.verdict(),
                            Long.toString(row.active()),
                            Long.toString(row.pruned()),
                            row.policy().name(),
                            row.policy().version(),
                            IterationTable.oneLine(row.reason())));
        }
        return table;
    }

    private static Table shadows(RunDetail.Decided last) {
        Table table =
                new Table(
                        List.of(
                                Column.left("shadow at " + last.iteration()),
                                Column.right("would take"),
                                Column.right("of the active %"),
                                Column.right("of it goes"),
                                Column.left("note")));
        for (RunDetail.ShadowRow row : last.shadows()) {
            table.add(
                    List.of(
                            row.name(),
                            Long.toString(row.pruned()),
                            Figures.percent(
                                    last.active() == 0
                                            ? null
                                            : (double) row.pruned() / last.active()),
                            row.overlap() == null ? Figures.NONE : Long.toString(row.overlap()),
                            row.note() == null ? "" : IterationTable.oneLine(row.note())));
        }
        return table;
    }

    private static String objects(RunDetail.Objects objects) {
        String uri =
                objects.bucket() == null
                        ? objects.prefix() + " in the bucket of the loop"
                        : "s3://%s/%s".formatted(objects.bucket(), objects.prefix());
        return objects.folder() == null ? uri : uri + ", which is " + objects.folder();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String orNone(@Nullable String text) {
        return text == null ? Figures.NONE : text;
    }
}
