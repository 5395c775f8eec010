// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.Context;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunRequested;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "follow",
        description = "Tell how a run goes, from its first iteration to its end.",
        footer = {
            "",
            "Exit code 0 when the run completed, 3 when it failed, 4 when it was stopped."
        })
public final class FollowCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    private String run = "";

    public FollowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        LoopConnection loop = loopOptions.open(context);
        RunRequested request = KnownRun.in(loop.read(Topic.RUNS), run);
        return new Following(context, output.isJson()).follow(loop, request.runId());
    }
}
