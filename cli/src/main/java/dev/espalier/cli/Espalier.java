// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.espalier.cli.command.Commands;
import dev.espalier.cli.console.Logs;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code espalier}. */
@Command(
        name = "espalier",
        description = "Prunes neural networks while they train.",
        versionProvider = Espalier.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "First steps: 'espalier demo', or 'espalier up' and in another terminal",
            "'espalier run --model mlp --dataset wave-source --follow'.",
            "",
            "Exit codes: 0 done, 1 failure, 2 bad input, 3 the followed run failed, 4 it was stopped."
        })
public final class Espalier implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Option(
            names = ErrorReport.DEBUG,
            scope = ScopeType.INHERIT,
            description = "Show stack traces, and what the libraries log.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean debug;

    private Espalier() {}

    public static void main(String[] args) {
        Logs.begin(List.of(args).contains(ErrorReport.DEBUG));
        System.exit(commandLine(Context.ofProcess()).execute(args));
    }

    /** The whole program, for its own process or for a test. */
    public static CommandLine commandLine(Context context) {
        CommandLine root = Commands.addTo(new CommandLine(new Espalier()), context);
        ErrorReport errors = new ErrorReport();
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors)
                .setUsageHelpAutoWidth(true)
                .setOut(new PrintWriter(context.terminal().out(), true, UTF_8))
                .setErr(new PrintWriter(context.terminal().err(), true, UTF_8));
    }

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        command.usage(command.getOut());
        return ExitCode.OK;
    }

    /** As the build wrote it into the jar. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Espalier.class.getPackage().getImplementationVersion();
            return new String[] {
                "espalier " + (version == null ? "of an unpacked build" : version),
                "Java " + Runtime.version()
            };
        }
    }
}
