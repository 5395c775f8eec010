// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.command.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.cli.Context;
import dev.espalier.cli.ExitCode;
import dev.espalier.cli.command.option.LoopOptions;
import dev.espalier.cli.command.option.OutputOption;
import dev.espalier.cli.command.run.KnownRun;
import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.connect.PolicyInForce;
import dev.espalier.cli.connect.RefusedPolicy;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.transport.documents.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Show the policy in force, as a document that 'policy set' takes.")
public final class PolicyShowCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = Json.mapper();

    private final Context context;

    @Mixin private final OutputOption output = new OutputOption();
    @Mixin private final LoopOptions loopOptions = new LoopOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN|default",
            description = "Default: that of every run without one of its own.")
    private String target = PolicySelected.DEFAULT_TARGET;

    public PolicyShowCommand(Context context) {
        this.context = context;
    }

    /** What {@code --output json} prints. */
    record Shown(
            String target,
            String version,
            String origin,
            Policy policy,
            @Nullable RefusedPolicy refused) {}

    @Override
    public Integer call() {
        LoopView view =
                loopOptions.open(context).read(Topic.RUNS, Topic.POLICIES, Topic.POLICY_STATUS);
        PolicyInForce inForce =
                target.equals(PolicySelected.DEFAULT_TARGET)
                        ? PolicyInForce.ofEveryRun(view)
                        : PolicyInForce.of(view, KnownRun.in(view, target));
        RefusedPolicy refused = RefusedPolicy.of(view, target);
        if (output.isJson()) {
            context.terminal()
                    .printJson(
                            new Shown(
                                    target,
                                    inForce.version(),
                                    inForce.origin(),
                                    inForce.policy(),
                                    refused));
        } else {
            context.terminal()
                    .print("# version %s, %s".formatted(inForce.version(), inForce.origin()));
            if (refused != null) {
                context.terminal().print("# refused: " + refused.text());
            }
            context.terminal().print(yaml(inForce.policy()));
        }
        return ExitCode.OK;
    }

    static String yaml(Policy policy) {
        YAMLMapper yaml =
                YAMLMapper.builder()
                        .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                        .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                        .build();
        try {
            JsonNode tree = JSON.valueToTree(policy);
            return yaml.writeValueAsString(tree).stripTrailing();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a policy can be written", e);
        }
    }
}
