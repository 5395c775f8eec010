// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.option;

import dev.espalier.cli.console.OutputFormat;
import picocli.CommandLine.Option;

/** For whom the standard output is; every command has it. */
public final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "text for people (the default), or exactly one JSON document.")
    private OutputFormat format = OutputFormat.TEXT;

    public boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
