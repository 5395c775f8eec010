// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.guard.Budget;
import dev.espalier.controller.domain.planning.Formulas;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.selection.Selection;
import dev.espalier.controller.domain.selection.Survivors;
import dev.espalier.controller.domain.selection.Workers;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.MaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes masks, into files. */
final class Masks {

    private static final Logger LOGGER = LoggerFactory.getLogger(Masks.class);

    private final Snapshots snapshots;
    private final Register register;
    private final String bucket;
    private final Path folder;
    private final Formulas formulas;
    private final Workers workers = Workers.all();

    /**
     * @param bucket where the masks will be
     * @param folder for temporary files
     */
    Masks(Snapshots snapshots, Register register, String bucket, Path folder, Formulas formulas) {
        this.formulas = formulas;
        this.snapshots = snapshots;
        this.register = register;
        this.bucket = bucket;
        this.folder = folder;
        LOGGER.info("Masks are made by {}", workers);
    }

    /**
     * m_{t+1}.
     *
     * @param iteration t
     * @throws PolicyNotApplicableException if the policy ranks by a w_0 that there is not
     */
    MadeMask make(RunId run, int iteration, Snapshot snapshot, Plan plan) throws IOException {
        ObjectKey key = ObjectKey.mask(run, iteration + 1);
        if (plan.policy().rule() instanceof PruningRule.OneShot && iteration > 0) {
            try (ByteSource dense = snapshots.weights(dense(run))) {
                return write(key, snapshot, plan, dense);
            }
        }
        return write(key, snapshot, plan, snapshot.source());
    }

    /**
     * The mask of a decision that was made before, by this process or another.
     *
     * @throws IllegalStateException if other bytes come out
     */
    MadeMask again(DecisionRecord decided, ArtifactRef measurement) throws IOException {
        PruningDecided decision = decided.decision();
        try (Snapshot snapshot = snapshots.open(decided.weights(), decided.mask(), measurement)) {
            Plan plan =
                    Planner.plan(
                            decided.policy(),
                            Moments.of(
                                    decided.policy(),
                                    decision.iteration(),
                                    Budget.easing(decision.guard()),
                                    decision.remaining(),
                                    decision.metrics(),
                                    new RememberedHistory(register, decision.runId())),
                            snapshot.measurement().exponents(),
                            snapshot.measurement().tensors(),
                            formulas);
            MadeMask made = make(decision.runId(), decision.iteration(), snapshot, plan);
            if (!made.ref().equals(decision.mask())) {
                made.close();
                throw new IllegalStateException(
                        "made again, the mask of %s is %s, the register says %s\nMaybe another version of this service decided"
                                .formatted(decision.subject(), made.ref(), decision.mask()));
            }
            return made;
        }
    }

    /**
     * The PQ Index of what a new mask leaves of the weights, for the pair that is shown.
     *
     * @return null where no pair is
     */
    @Nullable GroupIndex index(Snapshot snapshot, MadeMask next) throws IOException {
        List<NormPair> pairs = snapshot.measurement().pairs();
        if (pairs.isEmpty()) {
            return null;
        }
        NormPair pair = pairs.getFirst();
        return GroupIndex.of(
                Survivors.sums(snapshot.weights(), snapshot.source(), next.mask(), pair, workers),
                pair);
    }

    private ArtifactRef dense(RunId run) {
        return register.find(run, 0)
                .map(DecisionRecord::weights)
                .orElseThrow(
                        () ->
                                new PolicyNotApplicableException(
                                        "one-shot ranks by the weights of iteration 0, on which there is no decision of the run '%s'"
                                                .formatted(run)));
    }

    /** The bits are cleared in the file: however large the network, the heap has none of them. */
    private MadeMask write(ObjectKey key, Snapshot snapshot, Plan plan, ByteSource rankBy)
            throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "mask-", ".tmp");
        try {
            try (MaskFile next =
                    MaskFile.create(file, Selection.shapes(snapshot.weights(), plan))) {
                Selection.select(snapshot.weights(), plan, rankBy, next.mask(), workers);
            }
            var ref = ArtifactRef.of(bucket, key, Sha256.of(file), Files.size(file));
            return new MadeMask(MaskFile.open(file), file, ref);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
