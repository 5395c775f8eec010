// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.offline;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.Exclusions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.console.Figures;
import dev.espalier.cli.console.Table;
import dev.espalier.cli.console.Table.Column;
import dev.espalier.cli.offline.DecisionReport;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.cli.offline.LocalDecision;
import dev.espalier.cli.offline.PolicyTrial;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decide",
        description =
                "Show which weights of a safetensors file a policy would prune, and write the mask. Needs no stack.",
        footer = {
            "",
            "The policy's stop rules are left aside: they belong to a run. Without --out nothing is written.",
            "",
            "With --snapshot a whole decision is made, stop rules, guard and trend included: of the run whose objects are in FOLDER/runs/RUN, as in the bucket. measurement.json, decision.json and the mask are stored there."
        })
public final class DecideCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();

    @Parameters(paramLabel = "FILE.safetensors", arity = "0..1", description = "The weights.")
    private @Nullable Path file;

    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "Which weights are active. Default: all.")
    private @Nullable Path mask;

    @Option(
            names = "--policy",
            paramLabel = "policy.yaml",
            description =
                    "In YAML or JSON. Required without --snapshot, which takes that of the run by default.")
    private @Nullable Path policy;

    @Option(
            names = "--snapshot",
            paramLabel = "checkpoint.json",
            description =
                    "FOLDER/runs/RUN/checkpoints/<iteration>.json, of the run requested by FOLDER/runs/RUN/request.json.")
    private @Nullable Path snapshot;

    @Option(
            names = "--out",
            paramLabel = "mask.safetensors",
            description = "Where the next mask goes.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace the file at --out.")
    private boolean force;

    @Option(
            names = "--initial",
            paramLabel = "FILE.safetensors",
            description =
                    "The trained dense weights, by which one-shot ranks. Default: the weights themselves.")
    private @Nullable Path initial;

    @Option(
            names = "--iteration",
            paramLabel = "T",
            description = "Where in its schedule a gradual rule is. Default: ${DEFAULT-VALUE}.")
    private int iteration;

    public DecideCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (snapshot != null) {
            return onSnapshot(context.resolve(snapshot));
        }
        if (file == null || policy == null) {
            throw CliException.badInput(
                    "decide needs the weights and --policy, or --snapshot\nTry: espalier decide FILE.safetensors --policy policy.yaml");
        }
        Path weights = context.resolve(file);
        @Nullable Path target = out == null ? null : context.resolve(out);
        Policy document = Inputs.policy(context.resolve(policy));
        if (iteration < 0) {
            throw CliException.badInput("--iteration is " + iteration + ", below 0");
        }
        if (target != null) {
            requireNoInput(target, weights);
            PolicyTrial.requireWritable(target, force);
        }
        if (document.rule() instanceof PruningRule.OneShot && initial == null && mask != null) {
            context.terminal()
                    .notice(
                            "espalier: one-shot ranks by the trained dense weights; these are ranked by themselves. Maybe name those with --initial");
        }
        PolicyTrial trial =
                PolicyTrial.of(
                        weights,
                        mask == null ? null : context.resolve(mask),
                        document,
                        initial == null ? null : context.resolve(initial),
                        iteration);
        if (target != null) {
            trial.writeMask(target, force);
        }
        print(trial);
        if (target != null) {
            context.terminal().notice("espalier: the next mask is in " + target);
        }
        return ExitCode.OK;
    }

    private int onSnapshot(Path checkpoint) throws IOException {
        if (file != null || mask != null || initial != null || out != null) {
            throw CliException.badInput(
                    "--snapshot names the weights and the mask, and the decision names the next mask\nTry: espalier decide --snapshot checkpoint.json [--policy policy.yaml]");
        }
        PruningDecided decision =
                LocalDecision.on(checkpoint)
                        .decide(policy == null ? null : Inputs.policy(context.resolve(policy)));
        if (output.isJson()) {
            context.terminal().printJson(decision);
        } else {
            context.terminal()
                    .print(
                            "iteration %d: %s, %s"
                                    .formatted(
                                            decision.iteration(),
                                            decision.verdict().label(),
                                            decision.reason().message()));
        }
        return ExitCode.OK;
    }

    private static void requireNoInput(Path target, Path weights) {
        if (target.equals(weights)) {
            throw CliException.badInput(
                    "the mask cannot replace the weights it is made for: " + target);
        }
    }

    private void print(PolicyTrial trial) {
        DecisionReport report = trial.report();
        if (output.isJson()) {
            context.terminal().printJson(report);
            return;
        }
        groups(report, trial.notes()).lines().forEach(context.terminal()::print);
        Exclusions.print(report.excluded(), context.terminal());
    }

    static Table groups(DecisionReport report, List<String> notes) {
        Table table =
                new Table(
                        List.of(
                                Column.left("tensor"),
                                Column.right("unit"),
                                Column.right("active"),
                                Column.right("pruned"),
                                Column.right("pruned %"),
                                Column.left("note")));
        for (int i = 0; i < report.groups().size(); i++) {
            DecisionReport.Group group = report.groups().get(i);
            table.add(
                    List.of(
                            group.tensor() == null ? "all" : group.tensor(),
                            group.unit() == null ? Figures.NONE : group.unit().toString(),
                            Long.toString(group.active()),
                            Long.toString(group.pruned()),
                            share(group.pruned(), group.active()),
                            notes.get(i)));
        }
        table.add(
                List.of(
                        "total",
                        "",
                        Long.toString(report.active()),
                        Long.toString(report.pruned()),
                        share(report.pruned(), report.active()),
                        ""));
        return table;
    }

    private static String share(long part, long whole) {
        return Figures.percent(whole == 0 ? null : (double) part / whole);
    }
}
