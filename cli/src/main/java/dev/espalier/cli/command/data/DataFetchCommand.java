// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.data;

import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.console.ProgressLine;
import dev.espalier.cli.data.Fetch;
import dev.espalier.cli.data.PublicSet;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fetch",
        description = "Download a data set into a folder, and check it.",
        footer = {
            "",
            "Known: mnist (11.6 MB), fashion-mnist (30.9 MB), cifar10 (170 MB), cifar100 (169 MB).",
            "This is the only command that asks a server outside. What is there already, with the right checksum, stays."
        })
public final class DataFetchCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "NAME", description = "Of the data set.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Where it goes. Default: .espalier/data/NAME in the repository.")
    private @Nullable Path folder;

    @Option(
            names = "--from",
            paramLabel = "URL",
            description = "A mirror: the folder that has the same files. Default: the authors'.")
    private @Nullable URI mirror;

    public DataFetchCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Fetched(String dataset, String folder, List<String> files) {}

    @Override
    public Integer call() {
        PublicSet set = PublicSet.named(name);
        Path target = folder == null ? context.home().dataFolder(name) : context.resolve(folder);
        List<Path> files =
                new Fetch(new ProgressLine(context.terminal(), context.clock()))
                        .into(target, mirror == null ? set : set.from(mirror));
        if (output.isJson()) {
            context.terminal()
                    .printJson(
                            new Fetched(
                                    name,
                                    target.toString(),
                                    files.stream()
                                            .map(file -> file.getFileName().toString())
                                            .toList()));
        } else {
            context.terminal().print(target.toString());
            context.terminal().notice("To train on it:");
            context.terminal()
                    .notice(
                            "  ./espalier run --model mlp --dataset %s --data-dir %s --follow"
                                    .formatted(name, target));
        }
        return ExitCode.OK;
    }
}
