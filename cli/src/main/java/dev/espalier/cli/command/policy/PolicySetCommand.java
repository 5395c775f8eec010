// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.policy;

import dev.espalier.cli.CliException;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.run.KnownRun;
import dev.espalier.cli.connect.LoopConnection;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.cli.run.KnownState;
import dev.espalier.cli.run.SpecificationBuilder;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.documents.PolicyVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description =
                "Put a policy in force, from the next decision on. No training is interrupted.")
public final class PolicySetCommand implements Callable<Integer> {

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(
            paramLabel = "RUN|default",
            description = "A run, or 'default' for every run that has no policy of its own.")
    private String target = "";

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "policy.yaml",
            description = "The policy in YAML or JSON.")
    private Path file = Path.of("");

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description =
                    "How long to wait for the controller's answer. Default: ${DEFAULT-VALUE}.")
    private int wait = 10;

    public PolicySetCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Selected(String target, String policy, String version, String answer) {}

    @Override
    public Integer call() {
        Policy policy = Inputs.policy(context.resolve(file));
        LoopConnection loop = loopOptions.open(context);
        LoopView view = loop.read(Topic.RUNS, Topic.RUN_STATUS, Topic.POLICIES, Topic.DECISIONS);
        if (target.equals(PolicySelected.DEFAULT_TARGET)) {
            requireMeasuredEverywhere(view, policy);
        } else {
            requireUsable(view, KnownRun.in(view, target), policy);
        }
        Optional<PolicyStatus> answer =
                loop.ask(
                        new PolicySelected(target, policy, context.now()),
                        Duration.ofSeconds(Math.max(0, wait)));
        answer.map(PolicyStatus::reason)
                .ifPresent(
                        reason -> {
                            throw CliException.badInput(
                                    "the controller refuses the policy '%s', nothing has changed: %s"
                                            .formatted(policy.name(), reason.message()));
                        });
        tell(
                new Selected(
                        target,
                        policy.name(),
                        PolicyVersion.of(policy),
                        answer.isPresent() ? "accepted" : "none"));
        return answer.isPresent() || wait <= 0 ? ExitCode.OK : ExitCode.FAILURE;
    }

    private void tell(Selected selected) {
        if (output.isJson()) {
            context.terminal().printJson(selected);
        } else {
            context.terminal()
                    .print(
                            "%s, version %s, is %s for %s from the next decision on"
                                    .formatted(
                                            selected.policy(),
                                            selected.version(),
                                            selected.answer().equals("none")
                                                    ? "selected"
                                                    : "in force",
                                            target.equals(PolicySelected.DEFAULT_TARGET)
                                                    ? "every run without one of its own"
                                                    : target));
        }
        if (selected.answer().equals("none")) {
            context.terminal()
                    .notice(
                            "espalier: no controller has answered so far. Maybe none is running; what becomes of the policy is told by: ./espalier policy show "
                                    + target);
        }
    }

    private static void requireUsable(LoopView view, RunRequested request, Policy policy) {
        KnownState state = KnownState.of(view, request);
        if (state.state().isFinal()) {
            throw CliException.badInput(
                    "run %s is %s: nothing is decided on it any more"
                            .formatted(request.runId(), state.label()));
        }
        if (!SpecificationBuilder.isMeasured(policy, request.specification())) {
            throw CliException.badInput(
                    "the policy '%s' prunes by %s, which run %s does not measure: it measures %s\nMaybe name the pair when a run is started: --pairs"
                            .formatted(
                                    policy.name(),
                                    pair(policy),
                                    request.runId(),
                                    request.specification().pairs()));
        }
    }

    private static String pair(Policy policy) {
        return String.valueOf(policy.rule().pair());
    }

    /** Runs to come will measure what the policy needs; those that go on cannot. */
    private void requireMeasuredEverywhere(LoopView view, Policy policy) {
        List<String> blind =
                view.requests().stream()
                        .filter(run -> run.specification().policy() == null)
                        .filter(run -> view.selectedPolicy(run.key()).isEmpty())
                        .filter(run -> !KnownState.of(view, run).state().isFinal())
                        .filter(
                                run ->
                                        !SpecificationBuilder.isMeasured(
                                                policy, run.specification()))
                        .map(RunRequested::key)
                        .toList();
        if (!blind.isEmpty()) {
            throw CliException.badInput(
                    "the policy '%s' prunes by %s, which is not measured in %s\nMaybe give those a policy of their own first: ./espalier policy set RUN -f policy.yaml"
                            .formatted(policy.name(), pair(policy), String.join(", ", blind)));
        }
    }
}
