// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.policy;

import dev.espalier.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "policy", description = "Choose what is pruned, while runs go on, or look at it.")
public final class PolicyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        command.usage(command.getOut());
        return ExitCode.OK;
    }
}
