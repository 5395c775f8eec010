// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import dev.espalier.cli.Context;
import dev.espalier.cli.command.data.DataCommand;
import dev.espalier.cli.command.data.DataFetchCommand;
import dev.espalier.cli.command.offline.DecideCommand;
import dev.espalier.cli.command.offline.MeasureCommand;
import dev.espalier.cli.command.offline.ReplayCommand;
import dev.espalier.cli.command.policy.PolicyCommand;
import dev.espalier.cli.command.policy.PolicySetCommand;
import dev.espalier.cli.command.policy.PolicyShowCommand;
import dev.espalier.cli.command.policy.PolicyValidateCommand;
import dev.espalier.cli.command.run.FollowCommand;
import dev.espalier.cli.command.run.LogCommand;
import dev.espalier.cli.command.run.RunCommand;
import dev.espalier.cli.command.run.RunsCommand;
import dev.espalier.cli.command.run.ShowCommand;
import dev.espalier.cli.command.run.SteerCommand;
import dev.espalier.cli.command.stack.DemoCommand;
import dev.espalier.cli.command.stack.UpCommand;
import dev.espalier.schemas.run.DesiredState;
import picocli.CommandLine;

/** Every command there is. */
public final class Commands {

    private Commands() {}

    /** In the order in which the help lists them. */
    public static CommandLine addTo(CommandLine root, Context context) {
        return root.addSubcommand(new DemoCommand(context))
                .addSubcommand(new UpCommand(context))
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new FollowCommand(context))
                .addSubcommand(new RunsCommand(context))
                .addSubcommand(new ShowCommand(context))
                .addSubcommand(new LogCommand(context))
                .addSubcommand(new ReplayCommand(context))
                .addSubcommand("stop", steer(context, DesiredState.STOPPED, "End a run for good."))
                .addSubcommand(
                        "pause",
                        steer(context, DesiredState.PAUSED, "Let a run rest until it is resumed."))
                .addSubcommand(
                        "resume", steer(context, DesiredState.RUNNING, "Let a paused run go on."))
                .addSubcommand(
                        new CommandLine(new PolicyCommand())
                                .addSubcommand(new PolicySetCommand(context))
                                .addSubcommand(new PolicyShowCommand(context))
                                .addSubcommand(new PolicyValidateCommand(context)))
                .addSubcommand(
                        new CommandLine(new DataCommand())
                                .addSubcommand(new DataFetchCommand(context)))
                .addSubcommand(new MeasureCommand(context))
                .addSubcommand(new DecideCommand(context));
    }

    private static CommandLine steer(Context context, DesiredState desired, String description) {
        CommandLine command = new CommandLine(new SteerCommand(context, desired));
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }
}
