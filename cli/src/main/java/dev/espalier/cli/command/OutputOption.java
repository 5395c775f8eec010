// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command;

import dev.espalier.cli.console.OutputFormat;
import picocli.CommandLine.Option;

/** For whom the standard output is; every command has it. */
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "text for people (the default), or exactly one JSON document.")
    private OutputFormat format = OutputFormat.TEXT;

    boolean isJson() {
        return format == OutputFormat.JSON;
    }
}
