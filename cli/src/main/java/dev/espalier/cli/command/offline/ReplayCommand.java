// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.run.KnownRun;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.StoreAddress;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.offline.Expressions;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.controller.application.replay.ReplayRun;
import dev.espalier.controller.application.replay.ReplayedIteration;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.objects.S3ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description =
                "Decide again on every iteration of a run, from its objects, and say what is not byte for byte the same.")
public final class ReplayCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    private String run = "";

    @Option(
            names = "--with",
            paramLabel = "policy.yaml",
            description =
                    "Ask instead what this policy would have decided on the same measurements.")
    private @Nullable Path with;

    public ReplayCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Replayed(String run, boolean identical, List<Row> iterations) {}

    /**
     * @param verdict recorded
     * @param again of the replay
     * @param collected what is no longer kept, so that nothing could be decided again; else null
     */
    record Row(
            int iteration,
            boolean identical,
            String verdict,
            long pruned,
            String again,
            long prunedAgain,
            List<String> differences,
            @Nullable String collected) {}

    @Override
    public Integer call() throws IOException {
        Policy policy = with == null ? null : Inputs.policy(context.resolve(with));
        LoopConnection loop = loopOptions.open(context);
        RunRequested request = KnownRun.in(loop.read(Topic.RUNS), run);
        Path folder = Files.createTempDirectory("espalier-replay-");
        List<Row> rows;
        try (var store = new S3ObjectStore(StoreAddress.of(loop.address(), context))) {
            rows =
                    new ReplayRun(store, Expressions.FORMULAS, folder)
                            .replay(request.runId(), request.specification(), policy).stream()
                                    .map(ReplayCommand::row)
                                    .toList();
        } finally {
            Files.deleteIfExists(folder);
        }
        boolean identical =
                rows.stream().allMatch(row -> row.identical() || row.collected() != null);
        if (output.isJson()) {
            context.terminal().printJson(new Replayed(run, identical, rows));
        } else {
            print(rows, identical);
        }
        return identical || policy != null ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static Row row(ReplayedIteration one) {
        return new Row(
                one.recorded().iteration(),
                one.isIdentical(),
                one.recorded().verdict().label(),
                one.recorded().pruned(),
                one.again().verdict().label(),
                one.again().pruned(),
                one.differences(),
                one.collected());
    }

    private void print(List<Row> rows, boolean identical) {
        var table =
                new Table(
                        List.of(
                                Column.right("iteration"),
                                Column.left("verdict"),
                                Column.right("pruned"),
                                Column.left("again"),
                                Column.right("pruned"),
                                Column.left("same bytes")));
        for (Row row : rows) {
            table.add(
                    List.of(
                            Integer.toString(row.iteration()),
                            row.verdict(),
                            Long.toString(row.pruned()),
                            row.collected() == null ? row.again() : Figures.NONE,
                            row.collected() == null
                                    ? Long.toString(row.prunedAgain())
                                    : Figures.NONE,
                            row.collected() == null
                                    ? row.identical() ? "yes" : "no"
                                    : "not there any more"));
        }
        table.lines().forEach(context.terminal()::print);
        if (with == null) {
            for (Row row : rows) {
                row.differences()
                        .forEach(
                                text ->
                                        context.terminal()
                                                .print(
                                                        "iteration %d: %s"
                                                                .formatted(row.iteration(), text)));
            }
            long decided = rows.stream().filter(row -> row.collected() == null).count();
            context.terminal()
                    .print(
                            identical
                                    ? "all %d decisions and masks are byte-identical"
                                            .formatted(decided)
                                    : "not all decisions are as they were recorded");
        }
        rows.stream()
                .filter(row -> row.collected() != null)
                .reduce((first, second) -> second)
                .ifPresent(
                        last ->
                                context.terminal()
                                        .print(
                                                "%d iterations could not be decided again, the last of them %d: %s\nThe run keeps all objects of its newest iterations only (keepIterations)."
                                                        .formatted(
                                                                rows.stream()
                                                                        .filter(
                                                                                row ->
                                                                                        row
                                                                                                        .collected()
                                                                                                != null)
                                                                        .count(),
                                                                last.iteration(),
                                                                last.collected())));
    }
}
