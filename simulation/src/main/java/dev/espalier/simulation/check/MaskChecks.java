// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.check;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.decision.DecisionRecord;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.simulation.check.Evidence.Weights;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Invariants 2 and 3: what masks are, from one iteration to the next, and what they do to weights.
 * Which weights go is found by sorting, which the controller does not do.
 */
final class MaskChecks {

    private final Evidence evidence;
    private final Consumer<Violation> found;

    MaskChecks(Evidence evidence, Consumer<Violation> found) {
        this.evidence = evidence;
        this.found = found;
    }

    void check(RunId run, List<DecisionRecord> decisions) {
        for (DecisionRecord record : decisions) {
            Weights weights = evidence.weights(record.weights());
            MaskTensor mask = evidence.mask(record.mask(), weights.rows(), weights.columns());
            pruned(run, record, weights, mask);
            switch (record.decision().verdict()) {
                case PRUNE -> next(run, decisions, record, weights, mask);
                case KEEP -> same(run, record);
                case ROLL_BACK -> earlier(run, decisions, record);
                case STOP -> {}
            }
        }
    }

    private void violated(int invariant, RunId run, DecisionRecord record, String what) {
        String key = record.weights().key().value();
        found.accept(
                new Violation(
                        invariant,
                        "%s, iteration %d: %s (%s %s)"
                                .formatted(
                                        run,
                                        record.decision().iteration(),
                                        what,
                                        key,
                                        evidence.writer(key))));
    }

    private void pruned(RunId run, DecisionRecord record, Weights weights, MaskTensor mask) {
        for (int i = 0; i < weights.count(); i++) {
            if (!mask.get(i) && weights.get(i) != 0) {
                violated(
                        3,
                        run,
                        record,
                        "weight %d is pruned and is %s".formatted(i, weights.get(i)));
                return;
            }
        }
    }

    private void same(RunId run, DecisionRecord record) {
        if (!Objects.equals(record.decision().mask(), record.mask())) {
            violated(2, run, record, "keeps another mask than it had");
        }
    }

    private void earlier(RunId run, List<DecisionRecord> decisions, DecisionRecord record) {
        PruningDecided decision = record.decision();
        if (decisions.subList(0, decision.iteration()).stream()
                .noneMatch(before -> Objects.equals(before.mask(), decision.mask()))) {
            violated(2, run, record, "rolls back to a mask that the run never had");
        }
    }

    private void next(
            RunId run,
            List<DecisionRecord> decisions,
            DecisionRecord record,
            Weights weights,
            MaskTensor mask) {
        PruningDecided decision = record.decision();
        MaskTensor next = evidence.mask(decision.mask(), weights.rows(), weights.columns());
        long planned = record.groups().stream().mapToLong(GroupCount::pruned).sum();
        if (planned != decision.pruned()
                || mask.active() != decision.active()
                || next.active() != mask.active() - planned) {
            violated(
                    2,
                    run,
                    record,
                    "%d weights were to go, %d are said to; of %d said to be active %d were, and %d are"
                            .formatted(
                                    planned,
                                    decision.pruned(),
                                    decision.active(),
                                    mask.active(),
                                    next.active()));
        }
        Weights ranked =
                record.policy().rule() instanceof PruningRule.OneShot
                        ? evidence.weights(decisions.getFirst().weights())
                        : weights;
        MaskTensor expected = copy(mask, weights);
        for (GroupCount group : record.groups()) {
            members(group, weights)
                    .filter(mask::get)
                    .boxed()
                    .sorted(
                            Comparator.<Integer>comparingDouble(i -> Math.abs(ranked.get(i)))
                                    .thenComparing(Comparator.naturalOrder()))
                    .limit(group.pruned())
                    .forEach(expected::clear);
        }
        for (int i = 0; i < weights.count(); i++) {
            if (expected.get(i) != next.get(i)) {
                violated(
                        2,
                        run,
                        record,
                        "weight %d of magnitude %s %s"
                                .formatted(
                                        i,
                                        Math.abs(ranked.get(i)),
                                        next.get(i)
                                                ? "should go and stays"
                                                : "goes and should not"));
                return;
            }
        }
    }

    private static MaskTensor copy(MaskTensor mask, Weights weights) {
        MaskTensor copy = MaskTensor.ones(mask.shape());
        IntStream.range(0, weights.count()).filter(i -> !mask.get(i)).forEach(copy::clear);
        return copy;
    }

    private static IntStream members(GroupCount group, Weights weights) {
        Integer unit = group.unit();
        int columns = Math.toIntExact(weights.columns());
        return unit == null
                ? IntStream.range(0, weights.count())
                : IntStream.range(unit * columns, (unit + 1) * columns);
    }
}
