// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.option.PairConverter;
import dev.espalier.cli.command.option.RunLengthConverter;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.connect.PolicyInForce;
import dev.espalier.cli.console.Terminal;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.cli.run.RunIds;
import dev.espalier.cli.run.RunSettings;
import dev.espalier.cli.run.SpecificationBuilder;
import dev.espalier.cli.stack.StackFile;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.Shadow;
import dev.espalier.schemas.run.DesiredState;
import dev.espalier.schemas.run.Rewind;
import dev.espalier.schemas.run.RunLength;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.run.TrainerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Ask for a run: train, measure, prune, again and again.",
        footer = {
            "",
            "With --follow: exit code 0 when the run completed, 3 when it failed, 4 when it was stopped.",
            "Leaving with Ctrl-C does not stop the run; 'espalier follow' comes back to it."
        })
public final class RunCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "run.yaml",
            description = "A run specification in YAML or JSON; flags override it.")
    private @Nullable Path file;

    @Option(
            names = "--run-id",
            paramLabel = "ID",
            description = "A name of your own. Default: model, data set and time.")
    private @Nullable String runId;

    @Option(
            names = "--trainer",
            paramLabel = "espalier|external",
            description = "Who trains: our trainer (the default), or a program of yours.")
    private @Nullable TrainerKind trainer;

    @Option(names = "--model", paramLabel = "NAME", description = "Such as mlp or linear.")
    private @Nullable String model;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Such as wave-source, which needs no files, or mnist.")
    private @Nullable String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The folder with the files of the data set.")
    private @Nullable Path dataFolder;

    @Option(
            names = "--iterations",
            paramLabel = "N|unbounded",
            converter = RunLengthConverter.class,
            description =
                    "Prune N times, so train N + 1 times; or go on until 'stop'. Default: until the policy stops.")
    private @Nullable RunLength iterations;

    @Option(names = "--epochs", paramLabel = "N", description = "Per iteration. Default: 10.")
    private @Nullable Integer epochs;

    @Option(names = "--batch-size", paramLabel = "N", description = "Default: 250.")
    private @Nullable Integer batchSize;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Default: 0.1.")
    private @Nullable Double learningRate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of weights, shuffles and generated data. Default: 0.")
    private @Nullable Long seed;

    @Option(
            names = "--rewind",
            paramLabel = "initial|none",
            description = "Where each iteration starts from. Default: the initial weights.")
    private @Nullable Rewind rewind;

    @Option(
            names = "--policy",
            paramLabel = "policy.yaml",
            description = "What is pruned, and when it ends. Default: that of 'policy show'.")
    private @Nullable Path policy;

    @Option(
            names = "--shadow",
            paramLabel = "policy.yaml",
            description =
                    "A policy that is asked beside the one in force and never obeyed: its name, scope and rule. Up to eight. Default: a fixed ratio of 0.2.")
    private @Nullable List<Path> shadows;

    @Option(
            names = "--pairs",
            paramLabel = "p,q|grid",
            arity = "1..*",
            converter = PairConverter.class,
            description =
                    "PQ Indices to measure; grid: the paper's 109. Default: 0.5,1 1,2. The policy's own is always among them.")
    private @Nullable List<PairConverter.Chosen> pairs;

    @Option(names = "--follow", description = "Stay, and tell how it goes.")
    private boolean follow;

    public RunCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints where the run is not followed. */
    record Submitted(RunId runId, String status) {}

    @Override
    public Integer call() {
        @Nullable RunId wanted = runId == null ? null : RunIds.parse(runId);
        RunSpecification specification = SpecificationBuilder.build(settings());
        LoopConnection loop = loopOptions.open(context);
        requireDataFolder(loop, specification);
        RunRequested request = request(loop, wanted, specification);
        loop.send(request);
        return follow
                ? new Following(context, output.isJson()).follow(loop, request.runId())
                : tellNext(loop, request.runId());
    }

    private RunSettings settings() {
        @Nullable Policy document = policy == null ? null : Inputs.policy(context.resolve(policy));
        return new RunSettings(
                file == null ? null : context.resolve(file),
                trainer,
                model,
                dataset,
                dataFolder == null ? null : context.resolve(dataFolder),
                iterations,
                epochs,
                batchSize,
                learningRate,
                seed,
                rewind,
                document,
                pairs == null ? null : PairConverter.all(pairs),
                shadows == null ? null : shadows.stream().map(this::shadow).toList());
    }

    private Shadow shadow(Path file) {
        Policy document = Inputs.policy(context.resolve(file));
        return new Shadow(document.name(), document.scope(), document.rule());
    }

    /** The trainer of a stack on this machine sees the folders that we see. */
    private static void requireDataFolder(LoopConnection loop, RunSpecification specification) {
        @Nullable String dir =
                specification.dataset() == null ? null : specification.dataset().dir();
        if (dir != null
                && loop.address().stack() != null
                && specification.trainer() == TrainerKind.ESPALIER
                && !Files.isDirectory(Path.of(dir))) {
            throw CliException.badInput(
                    "the data folder %s %s"
                            .formatted(
                                    dir,
                                    Files.exists(Path.of(dir))
                                            ? "is no folder"
                                            : "does not exist"));
        }
    }

    private RunRequested request(
            LoopConnection loop, @Nullable RunId wanted, RunSpecification specification) {
        LoopView view = loop.read(Topic.RUNS, Topic.POLICIES);
        RunId id =
                wanted == null
                        ? RunIds.propose(
                                specification,
                                context.clock(),
                                taken -> view.request(taken).isPresent())
                        : wanted;
        if (id.value().equals(PolicySelected.DEFAULT_TARGET)) {
            throw CliException.badInput(
                    "no run can be named 'default': a policy of that target is every run's");
        }
        view.request(id)
                .ifPresent(
                        there -> {
                            throw CliException.badInput(
                                    "the run %s exists already, asked for at %s\nMaybe choose another --run-id, or look at it: ./espalier show %s"
                                            .formatted(id, there.requestedAt(), id));
                        });
        @Nullable Policy own = specification.policy();
        Policy first = own == null ? PolicyInForce.ofEveryRun(view).policy() : own;
        return new RunRequested(
                id,
                DesiredState.RUNNING,
                SpecificationBuilder.measuringFor(first, specification),
                context.now());
    }

    private int tellNext(LoopConnection loop, RunId id) {
        Terminal terminal = context.terminal();
        if (output.isJson()) {
            terminal.printJson(new Submitted(id, "pending"));
            return ExitCode.OK;
        }
        terminal.print(id.value());
        terminal.notice("The run is asked for. To see how it goes:");
        terminal.notice("  ./espalier follow " + id);
        terminal.notice("  ./espalier show " + id);
        @Nullable StackFile stack = loop.address().stack();
        if (stack != null) {
            terminal.notice("  " + stack.dashboardUrl());
        }
        return ExitCode.OK;
    }
}
