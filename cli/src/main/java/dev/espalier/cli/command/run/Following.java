// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.run;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.run.FollowedRun;
import dev.espalier.cli.run.IterationRow;
import dev.espalier.cli.run.IterationTable;
import dev.espalier.cli.run.RunFollower;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.run.ReportedState;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Tells how a run goes: a table that grows, or one document at its end. */
public final class Following {

    private final Context context;
    private final boolean json;

    public Following(Context context, boolean json) {
        this.context = context;
        this.json = json;
    }

    public int follow(LoopConnection loop, RunId id) {
        ProgressLine progress = new ProgressLine(context.terminal(), context.clock());
        progress.notice("following run %s; Ctrl-C leaves it running".formatted(id));
        RunFollower.Finished finished =
                new RunFollower(loop, context.clock(), progress, rows(progress)).follow(id);
        if (json) {
            context.terminal().printJson(finished.report());
        }
        context.terminal().notice(sentence(id, finished.ending()));
        return exitCode(finished.ending().state());
    }

    private Consumer<IterationRow> rows(ProgressLine progress) {
        if (json) {
            return row -> {};
        }
        AtomicBoolean begun = new AtomicBoolean();
        return row -> {
            if (!begun.getAndSet(true)) {
                progress.above(IterationTable.header());
            }
            progress.above(IterationTable.line(row));
        };
    }

    public static String sentence(RunId id, FollowedRun.Ending ending) {
        String how =
                switch (ending.state()) {
                    case COMPLETED -> "is completed";
                    case FAILED -> "has failed";
                    case STOPPED -> "was stopped";
                    case PENDING, RUNNING, PAUSED -> "goes on";
                };
        return "run %s %s%s"
                .formatted(id, how, ending.reason() == null ? "" : ": " + ending.reason());
    }

    public static int exitCode(ReportedState state) {
        return switch (state) {
            case COMPLETED -> ExitCode.OK;
            case FAILED -> ExitCode.RUN_FAILED;
            case STOPPED -> ExitCode.RUN_STOPPED;
            case PENDING, RUNNING, PAUSED -> ExitCode.FAILURE;
        };
    }
}
