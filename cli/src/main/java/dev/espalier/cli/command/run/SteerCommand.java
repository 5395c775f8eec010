// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.run.KnownState;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.run.DesiredState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stop}, {@code pause} and {@code resume}: another state is desired of a run. */
@Command
public final class SteerCommand implements Callable<Integer> {

    private final Context context;
    private final DesiredState desired;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    private String run = "";

    public SteerCommand(Context context, DesiredState desired) {
        this.context = context;
        this.desired = desired;
    }

    /** What {@code --output json} prints. */
    record Steered(RunId runId, DesiredState desired) {}

    @Override
    public Integer call() {
        LoopConnection loop = loopOptions.open(context);
        LoopView view = loop.read(Topic.RUNS, Topic.RUN_STATUS, Topic.DECISIONS);
        RunRequested request = KnownRun.in(view, run);
        requirePossible(request, KnownState.of(view, request));
        if (request.desired() != desired) {
            loop.send(
                    new RunRequested(
                            request.runId(), desired, request.specification(), context.now()));
        }
        if (output.isJson()) {
            context.terminal().printJson(new Steered(request.runId(), desired));
        } else {
            context.terminal().print(told(request.runId()));
        }
        return ExitCode.OK;
    }

    private void requirePossible(RunRequested request, KnownState state) {
        if (state.state().isFinal()) {
            throw CliException.badInput(
                    "run %s is %s, which is final".formatted(request.runId(), state.label()));
        }
        if (request.desired() == DesiredState.STOPPED && desired != DesiredState.STOPPED) {
            throw CliException.badInput(
                    "run %s was asked to stop, which is final".formatted(request.runId()));
        }
    }

    private String told(RunId id) {
        return switch (desired) {
            case STOPPED -> "run %s stops; what it has trained stays".formatted(id);
            case PAUSED -> "run %s pauses; it goes on with: ./espalier resume %s".formatted(id, id);
            case RUNNING -> "run %s goes on".formatted(id);
        };
    }
}
