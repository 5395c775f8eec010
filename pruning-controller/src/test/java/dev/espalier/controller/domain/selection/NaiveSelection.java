// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.testing.Weights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The oracle: collect, sort by (|w|, index), take the first c. */
final class NaiveSelection {

    private record Weight(String tensor, int index, double magnitude) {}

    private NaiveSelection() {}

    static Mask select(Weights rankBy, Mask mask, Plan plan) {
        Map<String, MaskTensor> next = new TreeMap<>();
        mask.tensors().forEach((name, bits) -> next.put(name, bits.copy()));
        for (String name : plan.chosen()) {
            next.computeIfAbsent(name, n -> MaskTensor.ones(rankBy.tensor(n).shape()));
        }
        for (GroupCount group : plan.groups()) {
            List<Weight> active = new ArrayList<>();
            for (Weights.Tensor tensor : rankBy.tensors()) {
                boolean inGroup =
                        plan.chosen().contains(tensor.name())
                                && (group.tensor() == null || group.tensor().equals(tensor.name()));
                int from = group.unit() == null ? 0 : group.unit() * tensor.rowLength();
                int to = group.unit() == null ? tensor.values().length : from + tensor.rowLength();
                for (int i = from; inGroup && i < to; i++) {
                    MaskTensor before = mask.tensor(tensor.name());
                    if (before == null || before.get(i)) {
                        active.add(new Weight(tensor.name(), i, Math.abs(tensor.values()[i])));
                    }
                }
            }
            // Stable: equal magnitudes stay in the order of the file.
            active.sort(Comparator.comparingDouble(Weight::magnitude));
            for (Weight weight : active.subList(0, Math.toIntExact(group.pruned()))) {
                next.get(weight.tensor()).clear(weight.index());
            }
        }
        return new Mask(next);
    }
}
