// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.stack;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.run.Following;
import dev.espalier.cli.connect.LoopAddress;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.console.Logs;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.cli.run.DemoPlan;
import dev.espalier.cli.run.IterationRow;
import dev.espalier.cli.run.IterationTable;
import dev.espalier.cli.run.RunDetail;
import dev.espalier.cli.run.RunFollower;
import dev.espalier.cli.run.RunIds;
import dev.espalier.cli.stack.Home;
import dev.espalier.cli.stack.RunningStack;
import dev.espalier.cli.stack.StackPlan;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.RunSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Prune a real network through a stack of its own, and end: no file is needed, nothing else is disturbed.",
        footer = {
            "",
            "The exit code is that of 'run --follow': 0 when the run completed, 3 when it failed."
        })
public final class DemoCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Prune N times. Default: until less than 10 %% of the weights remain.")
    private @Nullable Integer iterations;

    @Option(names = "--epochs", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int epochs = DemoPlan.EPOCHS;

    @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--policy",
            paramLabel = "policy.yaml",
            description = "Default: the built-in one.")
    private @Nullable Path policy;

    public DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        RunSpecification specification =
                DemoPlan.specification(
                        iterations,
                        epochs,
                        seed,
                        policy == null ? null : Inputs.policy(context.resolve(policy)));
        Home home = context.home();
        StackPlan plan = StackPlan.onFreePorts(home.newDemoFolder(context.clock()));
        Logs.toFile(plan.logFile("stack"));
        Terminal terminal = context.terminal();
        ProgressLine progress = new ProgressLine(terminal, context.clock());
        RunningStack stack =
                RunningStack.start(
                        home, plan, context.clock(), line -> progress.notice("espalier: " + line));
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stack::close));
        RunId id;
        RunFollower.Finished finished;
        try (stack) {
            LoopConnection loop =
                    LoopConnection.open(
                            new LoopAddress(stack.file().bootstrapServers(), stack.file()),
                            context.clock());
            id = RunIds.propose(specification, context.clock(), _ -> false);
            progress.notice("espalier: the dashboard is " + stack.file().dashboardUrl());
            loop.send(new RunRequested(id, DesiredState.RUNNING, specification, context.now()));
            finished = new RunFollower(loop, context.clock(), progress, row -> {}).follow(id);
        }
        print(id, finished, plan.dataFolder());
        return Following.exitCode(finished.ending().state());
    }

    private void print(RunId id, RunFollower.Finished finished, Path dataFolder) {
        Terminal terminal = context.terminal();
        if (output.isJson()) {
            terminal.printJson(finished.report());
        } else {
            terminal.print(IterationTable.header());
            finished.report().iterations().forEach(row -> terminal.print(IterationTable.line(row)));
            terminal.print("");
        }
        terminal.notice(Following.sentence(id, finished.ending()));
        if (!output.isJson()) {
            results(id, finished.report().iterations(), dataFolder).forEach(terminal::print);
        }
    }

    /** Where the results are, and what to do with them. */
    private List<String> results(RunId id, List<IterationRow> rows, Path dataFolder) {
        Path folder = RunDetail.folder(dataFolder.resolve("objects").resolve("espalier"), id);
        if (rows.isEmpty()) {
            return List.of("The logs are in " + dataFolder.resolve("logs"));
        }
        int last = rows.getLast().iteration();
        Path weights = object(dataFolder, ObjectKey.weights(id, last));
        Path mask = object(dataFolder, ObjectKey.mask(id, last));
        if (!Files.exists(weights)) {
            throw CliException.failure(
                    "the weights of iteration %d are not where they should be: %s"
                            .formatted(last, weights));
        }
        String masked = Files.exists(mask) ? " --mask " + mask : "";
        return List.of(
                "The results are in " + folder,
                "The network at the end: " + weights,
                "How compressible it is:",
                "  ./espalier measure %s%s".formatted(weights, masked),
                "The run on the dashboard:",
                "  ./espalier up --data-dir " + dataFolder);
    }

    private static Path object(Path dataFolder, ObjectKey key) {
        return dataFolder.resolve("objects").resolve("espalier").resolve(key.value());
    }
}
