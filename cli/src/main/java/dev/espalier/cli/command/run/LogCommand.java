// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.transport.documents.Json;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "log",
        description = "The decisions on a run as JSON lines, one event in each, as they were made.")
public final class LogCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    private String run = "";

    public LogCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        LoopView view = loopOptions.open(context).read(Topic.RUNS, Topic.DECISIONS);
        RunRequested request = KnownRun.in(view, run);
        view.decisions(request.runId())
                .forEach(
                        decision ->
                                context.terminal()
                                        .print(
                                                new String(
                                                        Json.bytes(decision),
                                                        StandardCharsets.UTF_8)));
        return ExitCode.OK;
    }
}
