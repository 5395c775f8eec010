// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application;

import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.planning.Planner;
import dev.espalier.controller.domain.planning.PolicyNotApplicableException;
import dev.espalier.controller.domain.selection.Selection;
import dev.espalier.schemas.ArtifactRef;
import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Sha256;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes masks, into files. */
final class Masks {

    private final Snapshots snapshots;
    private final Register register;
    private final String bucket;
    private final Path folder;

    /**
     * @param bucket where the masks will be
     * @param folder for temporary files
     */
    Masks(Snapshots snapshots, Register register, String bucket, Path folder) {
        this.snapshots = snapshots;
        this.register = register;
        this.bucket = bucket;
        this.folder = folder;
    }

    /**
     * m_{t+1}.
     *
     * @param iteration t
     * @throws PolicyNotApplicableException if the policy ranks by a w_0 that there is not
     */
    MaskFile make(RunId run, int iteration, Snapshot snapshot, Plan plan) throws IOException {
        ObjectKey key = ObjectKey.mask(run, iteration + 1);
        if (plan.policy().rule() instanceof PruningRule.OneShot && iteration > 0) {
            try (ByteSource dense = snapshots.weights(dense(run))) {
                return write(key, Selection.select(snapshot.weights(), plan, dense));
            }
        }
        return write(key, Selection.select(snapshot.weights(), plan, snapshot.source()));
    }

    /**
     * The mask of a decision that was made before, by this process or another.
     *
     * @throws IllegalStateException if other bytes come out
     */
    MaskFile again(DecisionRecord decided, ArtifactRef measurement) throws IOException {
        PruningDecided decision = decided.decision();
        try (Snapshot snapshot = snapshots.open(decided.weights(), decided.mask(), measurement)) {
            Plan plan =
                    Planner.plan(
                            decided.policy(),
                            new Moment(decision.iteration()),
                            snapshot.measurement().exponents(),
                            snapshot.measurement().tensors());
            MaskFile made = make(decision.runId(), decision.iteration(), snapshot, plan);
            if (!made.ref().equals(decision.mask())) {
                made.close();
                throw new IllegalStateException(
                        "made again, the mask of %s is %s, the register says %s\nMaybe another version of this service decided"
                                .formatted(decision.subject(), made.ref(), decision.mask()));
            }
            return made;
        }
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

    private MaskFile write(ObjectKey key, Mask mask) throws IOException {
        Files.createDirectories(folder);
        Path file = Files.createTempFile(folder, "mask-", ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                MaskCodec.write(out, mask);
            }
            return new MaskFile(
                    mask, file, ArtifactRef.of(bucket, key, Sha256.of(file), Files.size(file)));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
