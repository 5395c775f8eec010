// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.domain;

import dev.espalier.schemas.sparsity.ExcludedTensor;
import dev.espalier.schemas.sparsity.GroupIndex;
import dev.espalier.schemas.sparsity.MeasuredTensor;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.sparsity.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, as people and their programs are shown it: one entry per group of the scopes
 * asked for. Its fields are those of {@code espalier measure --output json}.
 *
 * @param groups the global one, then the tensors in the order of the file, then their rows
 */
public record MeasurementReport(List<Group> groups, List<ExcludedTensor> excluded) {

    /**
     * @param tensor null for the global group
     * @param unit the row, for a neuron, else null
     * @param active d
     * @param pqi one per pair
     */
    public record Group(
            Scope scope,
            @Nullable String tensor,
            @Nullable Integer unit,
            long active,
            List<GroupIndex> pqi) {

        public Group {
            pqi = List.copyOf(pqi);
        }
    }

    public MeasurementReport {
        groups = List.copyOf(groups);
        excluded = List.copyOf(excluded);
    }

    /** Every scope. */
    public static MeasurementReport of(MeasuredSnapshot snapshot) {
        return of(snapshot, EnumSet.allOf(Scope.class));
    }

    public static MeasurementReport of(MeasuredSnapshot snapshot, Set<Scope> scopes) {
        List<Group> groups = new ArrayList<>();
        for (Scope scope : Scope.values()) {
            if (scopes.contains(scope)) {
                addGroups(snapshot, scope, groups);
            }
        }
        return new MeasurementReport(groups, snapshot.excluded());
    }

    private static void addGroups(MeasuredSnapshot snapshot, Scope scope, List<Group> groups) {
        List<NormPair> pairs = snapshot.pairs();
        List<Double> exponents = snapshot.exponents();
        switch (scope) {
            case GLOBAL -> groups.add(group(scope, null, null, snapshot.global(), pairs));
            case LAYER -> {
                for (MeasuredTensor tensor : snapshot.tensors()) {
                    groups.add(
                            group(
                                    scope,
                                    tensor.tensor(),
                                    null,
                                    tensor.powerSums(exponents),
                                    pairs));
                }
            }
            case NEURON -> {
                for (MeasuredTensor tensor : snapshot.tensors()) {
                    for (int unit = 0; unit < tensor.units().count(); unit++) {
                        PowerSums sums = tensor.powerSums(exponents, unit);
                        groups.add(group(scope, tensor.tensor(), unit, sums, pairs));
                    }
                }
            }
        }
    }

    private static Group group(
            Scope scope,
            @Nullable String tensor,
            @Nullable Integer unit,
            PowerSums sums,
            List<NormPair> pairs) {
        return new Group(
                scope,
                tensor,
                unit,
                sums.active(),
                pairs.stream().map(pair -> GroupIndex.of(sums, pair)).toList());
    }
}
