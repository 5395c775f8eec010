// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.policy;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.documents.PolicyVersion;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "validate",
        description =
                "Say whether a policy would be accepted, and under which version. Needs no stack.")
public final class PolicyValidateCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "policy.yaml", description = "The policy in YAML or JSON.")
    private Path file = Path.of("");

    public PolicyValidateCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Valid(String policy, String version) {}

    @Override
    public Integer call() {
        Policy policy = Inputs.policy(context.resolve(file));
        Valid valid = new Valid(policy.name(), PolicyVersion.of(policy));
        if (output.isJson()) {
            context.terminal().printJson(valid);
        } else {
            context.terminal()
                    .print("%s, version %s, is valid".formatted(valid.policy(), valid.version()));
        }
        return ExitCode.OK;
    }
}
