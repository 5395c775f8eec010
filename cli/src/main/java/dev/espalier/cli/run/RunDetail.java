// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import dev.espalier.cli.connect.LoopView;
import dev.espalier.cli.connect.PolicyInForce;
import dev.espalier.cli.connect.RefusedPolicy;
import dev.espalier.cli.stack.StackFile;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.ShadowOutcome;
import dev.espalier.schemas.policy.PolicyRef;
import dev.espalier.schemas.run.RunSpecification;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one run.
 *
 * @param policy that the next decision will use
 * @param refused the policy that was selected last, where it was refused
 * @param objects where its objects are
 */
public record RunDetail(
        RunId runId,
        String status,
        RunOverview summary,
        RunSpecification specification,
        PolicyInForce policy,
        @Nullable RefusedPolicy refused,
        Objects objects,
        List<Decided> iterations) {

    /**
     * @param bucket null where only the broker is known
     * @param prefix of every key
     * @param folder where they are plain files, if they are
     */
    public record Objects(@Nullable String bucket, String prefix, @Nullable String folder) {}

    /**
     * One iteration with the policy that was in force.
     *
     * @param prunedPqi of the weights that stay, just pruned; null where nothing goes
     * @param prunedAccuracy of the weights that this iteration began with, just pruned; null
     *     likewise
     * @param phase of the run; null where no PQI is measured
     */
    public record Decided(
            int iteration,
            double remaining,
            @Nullable Double pqi,
            @Nullable Double accuracy,
            String verdict,
            String reason,
            long pruned,
            long active,
            PolicyRef policy,
            @Nullable Double prunedPqi,
            @Nullable Double prunedAccuracy,
            @Nullable String phase,
            List<ShadowRow> shadows) {

        static Decided of(PruningDecided decision) {
            IterationRow row = IterationRow.of(decision);
            return new Decided(
                    row.iteration(),
                    row.remaining(),
                    row.pqi(),
                    row.accuracy(),
                    row.verdict(),
                    row.reason(),
                    row.pruned(),
                    row.active(),
                    decision.policy(),
                    decision.prunedPqi() == null ? null : decision.prunedPqi().value(),
                    IterationRow.metric("accuracy-pruned", decision.metrics()),
                    decision.trend() == null ? null : decision.trend().phase().label(),
                    decision.shadows() == null
                            ? List.of()
                            : decision.shadows().stream().map(ShadowRow::of).toList());
        }
    }

    /**
     * What a shadow would have taken.
     *
     * @param overlap how much of that goes in truth; null where nothing does
     * @param note why it has nothing to say
     */
    public record ShadowRow(
            String name, long pruned, @Nullable Long overlap, @Nullable String note) {

        static ShadowRow of(ShadowOutcome outcome) {
            return new ShadowRow(
                    outcome.name(), outcome.pruned(), outcome.overlap(), outcome.note());
        }
    }

    public RunDetail {
        iterations = List.copyOf(iterations);
    }

    public static RunDetail of(LoopView view, RunRequested request, @Nullable StackFile stack) {
        RunOverview summary = RunOverview.of(view, request);
        return new RunDetail(
                request.runId(),
                summary.status(),
                summary,
                request.specification(),
                PolicyInForce.of(view, request),
                RefusedPolicy.of(view, request.key()),
                objects(request.runId(), stack),
                view.decisions(request.runId()).stream().map(Decided::of).toList());
    }

    private static Objects objects(RunId run, @Nullable StackFile stack) {
        String prefix = ObjectKey.prefix(run);
        return stack == null
                ? new Objects(null, prefix, null)
                : new Objects(stack.bucket(), prefix, folder(stack.objectFolder(), run).toString());
    }

    /** Where a local stack keeps the objects of a run as plain files. */
    public static Path folder(Path objects, RunId run) {
        return objects.resolve("runs").resolve(run.value());
    }
}
