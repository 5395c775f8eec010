// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.option;

import dev.espalier.cli.Context;
import dev.espalier.cli.connect.LoopAddress;
import dev.espalier.cli.connect.LoopConnection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which loop a command speaks to. */
public final class LoopOptions {

    private static final String BROKER_VARIABLE = "KAFKA_BOOTSTRAP_SERVERS";
    private static final String STACK_VARIABLE = "ESPALIER_STACK";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description =
                    "The broker. Default: $KAFKA_BOOTSTRAP_SERVERS, else that of the stack that runs on this machine.")
    private @Nullable String broker;

    @Option(
            names = "--stack",
            paramLabel = "DIR",
            description =
                    "The data folder of a stack that runs on this machine. Default: $ESPALIER_STACK, else that of 'espalier up'.")
    private @Nullable Path stack;

    public LoopConnection open(Context context) {
        return LoopConnection.open(address(context), context.clock());
    }

    /** A flag counts more than a variable, and a broker more than a folder. */
    public LoopAddress address(Context context) {
        if (broker != null) {
            return LoopAddress.ofBroker(broker);
        }
        if (stack != null) {
            return LoopAddress.ofStackIn(context.resolve(stack));
        }
        @Nullable String servers = context.variable(BROKER_VARIABLE);
        if (servers != null) {
            return LoopAddress.ofBroker(servers);
        }
        @Nullable String folder = context.variable(STACK_VARIABLE);
        return LoopAddress.ofStackIn(
                folder == null
                        ? context.home().defaultStackFolder()
                        : context.resolve(Path.of(folder)));
    }
}
