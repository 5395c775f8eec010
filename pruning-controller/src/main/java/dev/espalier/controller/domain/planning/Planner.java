// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.planning;

import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.sparsity.PqIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Applies a policy to power sums, group by group. */
public final class Planner {

    private static final String NONE_ACTIVE = "it has no active weight";
    private static final String ALL_ZERO = "all its active weights are 0: its PQI is undefined";

    private final Policy policy;
    private final Moment moment;
    private final int columnP;
    private final int columnQ;
    private final @Nullable ComputedRatio computed;
    private final List<GroupCount> groups = new ArrayList<>();
    private @Nullable String failure;

    private Planner(
            Policy policy,
            Moment moment,
            int columnP,
            int columnQ,
            @Nullable ComputedRatio computed) {
        this.policy = policy;
        this.moment = moment;
        this.computed = computed;
        this.columnP = columnP;
        this.columnQ = columnQ;
    }

    /**
     * @param exponents of all power sums, ascending
     * @param tensors all that were measured, in the order of the file
     * @throws PolicyNotApplicableException if the policy's pair was not measured, or its expression
     *     is none
     */
    public static Plan plan(
            Policy policy,
            Moment moment,
            List<Double> exponents,
            List<MeasuredTensor> tensors,
            Formulas formulas) {
        ComputedRatio computed =
                policy.rule() instanceof PruningRule.Expression expression
                        ? new ComputedRatio(expression, formulas)
                        : null;
        int columnP = -1;
        int columnQ = -1;
        NormPair pair = policy.rule().pair();
        if (pair != null && (computed == null || computed.needsIndex())) {
            columnP = exponents.indexOf(pair.p());
            columnQ = exponents.indexOf(pair.q());
            if (columnP < 0 || columnQ < 0) {
                throw new PolicyNotApplicableException(
                        "the policy '%s' prunes by the pair %s, but measured are the exponents %s\nMaybe name the pair in the run's pairs"
                                .formatted(policy.name(), pair, exponents));
            }
        }
        List<MeasuredTensor> chosen =
                tensors.stream().filter(t -> policy.excludedBy(t.tensor()) == null).toList();
        var planner = new Planner(policy, moment, columnP, columnQ, computed);
        switch (policy.scope()) {
            case GLOBAL -> planner.global(exponents, chosen);
            case LAYER -> chosen.forEach(planner::layer);
            case NEURON -> chosen.forEach(planner::neurons);
        }
        var plan =
                new Plan(
                        policy,
                        chosen.stream().map(MeasuredTensor::tensor).toList(),
                        planner.groups,
                        excluded(policy, tensors),
                        planner.failure);
        return planner.failure == null
                ? plan
                : new Plan(
                        policy,
                        plan.chosen(),
                        plan.spared("the expression failed"),
                        plan.excluded(),
                        planner.failure);
    }

    private static List<ExcludedTensor> excluded(Policy policy, List<MeasuredTensor> tensors) {
        List<ExcludedTensor> excluded = new ArrayList<>();
        for (MeasuredTensor tensor : tensors) {
            String pattern = policy.excludedBy(tensor.tensor());
            if (pattern != null) {
                excluded.add(
                        new ExcludedTensor(
                                tensor.tensor(),
                                "excluded by the pattern '%s'".formatted(pattern)));
            }
        }
        return excluded;
    }

    private void global(List<Double> exponents, List<MeasuredTensor> chosen) {
        PowerSums all =
                chosen.stream()
                        .map(tensor -> tensor.powerSums(exponents))
                        .reduce(PowerSums.none(exponents), PowerSums::plus);
        long total = chosen.stream().mapToLong(MeasuredTensor::total).sum();
        add(null, null, total, all.active(), sum(all.sums(), columnP), sum(all.sums(), columnQ));
    }

    private void layer(MeasuredTensor tensor) {
        List<Double> sums = tensor.sums();
        add(
                tensor.tensor(),
                null,
                tensor.total(),
                tensor.active(),
                sum(sums, columnP),
                sum(sums, columnQ));
    }

    private void neurons(MeasuredTensor tensor) {
        MeasuredTensor.Units units = tensor.units();
        long rowLength = units.count() == 0 ? 0 : tensor.total() / units.count();
        for (int unit = 0; unit < units.count(); unit++) {
            add(
                    tensor.tensor(),
                    unit,
                    rowLength,
                    units.active().at(unit),
                    columnP < 0 ? 0 : units.sums().get(columnP).at(unit),
                    columnQ < 0 ? 0 : units.sums().get(columnQ).at(unit));
        }
    }

    private static double sum(List<Double> sums, int at) {
        return at < 0 ? 0 : sums.get(at);
    }

    private void add(
            @Nullable String tensor,
            @Nullable Integer unit,
            long total,
            long d,
            double sumP,
            double sumQ) {
        if (d == 0) {
            groups.add(new GroupCount(tensor, unit, 0, 0, NONE_ACTIVE));
            return;
        }
        long planned;
        switch (policy.rule()) {
            case PruningRule.Sap sap -> {
                OptionalDouble index = PqIndex.of(d, sumP, sumQ, new NormPair(sap.p(), sap.q()));
                if (index.isEmpty()) {
                    groups.add(new GroupCount(tensor, unit, d, 0, ALL_ZERO));
                    return;
                }
                planned = PlannedCount.sap(d, index.getAsDouble(), sap, moment.easing());
            }
            case PruningRule.Expression expression -> {
                GroupFacts group = facts(expression, tensor, unit, total, d, sumP, sumQ);
                if (Double.isNaN(group.pqi()) && columnP >= 0) {
                    groups.add(new GroupCount(tensor, unit, d, 0, ALL_ZERO));
                    return;
                }
                planned = eased(PlannedCount.ratio(d, computed(group)));
            }
            case PruningRule.FixedRatio fixed ->
                    planned = eased(PlannedCount.ratio(d, fixed.ratio()));
            case PruningRule.OneShot oneShot ->
                    planned = eased(PlannedCount.ratio(d, oneShot.ratio()));
            case PruningRule.Gradual gradual ->
                    planned =
                            eased(
                                    PlannedCount.sparsity(
                                            d, total, gradual.sparsity(moment.iteration() + 1)));
        }
        Allowance allowed = Allowance.of(policy, tensor, total, d);
        groups.add(
                new GroupCount(
                        tensor,
                        unit,
                        d,
                        Math.min(planned, allowed.mayGo()),
                        planned > 0 && allowed.mayGo() == 0 ? allowed.note() : null));
    }

    private GroupFacts facts(
            PruningRule.Expression rule,
            @Nullable String tensor,
            @Nullable Integer unit,
            long total,
            long d,
            double sumP,
            double sumQ) {
        OptionalDouble index =
                columnP < 0 ? OptionalDouble.empty() : PqIndex.of(d, sumP, sumQ, rule.pair());
        double pqi = index.orElse(Double.NaN);
        return new GroupFacts(
                groups.size(),
                tensor,
                unit,
                total,
                d,
                pqi,
                index.isEmpty()
                        ? Double.NaN
                        : PlannedCount.snap(PqIndex.retain(d, pqi, rule.pair(), rule.eta()), d));
    }

    /** 0 from the first group on for which there is no ratio. */
    private double computed(GroupFacts group) {
        if (computed == null || failure != null) {
            return 0;
        }
        try {
            return computed.of(group, moment);
        } catch (FormulaFailedException e) {
            failure = e.getMessage();
            return 0;
        }
    }

    private long eased(long planned) {
        return PlannedCount.eased(planned, moment.easing());
    }
}
