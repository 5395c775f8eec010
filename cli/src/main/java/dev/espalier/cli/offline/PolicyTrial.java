// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import dev.espalier.cli.CliException;
import dev.espalier.controller.domain.Decider;
import dev.espalier.controller.domain.Proposal;
import dev.espalier.controller.domain.planning.Moment;
import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskCodec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pruning-controller would decide on a file, stop rules aside. */
public final class PolicyTrial {

    private final Proposal proposal;

    private PolicyTrial(Proposal proposal) {
        this.proposal = proposal;
    }

    /**
     * @param mask null where every weight is active
     * @param initial w_0, by which one-shot ranks; null to rank by the weights themselves
     * @param iteration t, on which a gradual schedule depends
     */
    public static PolicyTrial of(
            Path weights, @Nullable Path mask, Policy policy, @Nullable Path initial, int iteration)
            throws IOException {
        try (FileSource source = Inputs.open(weights)) {
            Mask active = Inputs.mask(mask, source);
            if (initial == null) {
                return Inputs.about(
                        weights, () -> decided(source, active, policy, iteration, source));
            }
            try (FileSource ranking = Inputs.open(initial)) {
                return Inputs.about(
                        weights, () -> decided(source, active, policy, iteration, ranking));
            }
        }
    }

    private static PolicyTrial decided(
            FileSource weights, Mask mask, Policy policy, int iteration, FileSource rankBy)
            throws IOException {
        MeasuredSnapshot measured =
                SnapshotMeasurement.measured(weights, mask, pairs(policy.rule()));
        long total = measured.tensors().stream().mapToLong(MeasuredTensor::total).sum();
        long left = measured.tensors().stream().mapToLong(MeasuredTensor::active).sum();
        Moment moment = Moment.at(iteration, total == 0 ? 1 : (double) left / total);
        return new PolicyTrial(
                Decider.decide(
                        weights,
                        mask,
                        policy,
                        moment,
                        measured.exponents(),
                        measured.tensors(),
                        rankBy,
                        Expressions.FORMULAS));
    }

    private static List<NormPair> pairs(PruningRule rule) {
        NormPair pair = rule.pair();
        return pair == null ? NormPair.DEFAULTS : List.of(pair);
    }

    public DecisionReport report() {
        return DecisionReport.of(proposal);
    }

    /** Why a group loses nothing, where that is not plain from the rule; one per group. */
    public List<String> notes() {
        return proposal.groups().stream().map(g -> g.note() == null ? "" : g.note()).toList();
    }

    /** Refuses, before any work is done, a file that could not be written at the end. */
    public static void requireWritable(Path out, boolean force) {
        Path folder = out.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CliException.badInput("%s: there is no folder %s".formatted(out, folder));
        }
        if (Files.isDirectory(out)) {
            throw CliException.badInput(out + " is a folder, the mask is to be a file");
        }
        if (!force && Files.exists(out)) {
            throw CliException.badInput(
                    out + " exists already\nMaybe choose another name, or --force to replace it");
        }
    }

    /** Writes m_{t+1}, as a whole or not at all. */
    public void writeMask(Path out, boolean force) throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        Path unfinished = Files.createTempFile(folder, ".mask-", ".tmp");
        try {
            try (OutputStream stream =
                    new BufferedOutputStream(Files.newOutputStream(unfinished))) {
                MaskCodec.write(stream, proposal.mask());
            }
            if (force) {
                Files.move(unfinished, out, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(unfinished, out);
            }
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
