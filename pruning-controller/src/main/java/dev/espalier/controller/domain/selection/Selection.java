// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.DType;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.SafetensorsException;
import dev.espalier.schemas.tensor.SafetensorsHeader;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out a plan: m_t and the ranking weights become m_{t+1}. */
public final class Selection {

    private final List<Stretch> chosen;
    private final KeyReader reader;
    private final RowSelect rows = new RowSelect(KeyReader.MOST_KEYS);

    private Selection(List<Stretch> chosen, KeyReader reader) {
        this.chosen = chosen;
        this.reader = reader;
    }

    /**
     * m_{t+1}, a subset of m_t from which exactly the planned number is gone in every group. It
     * names the tensors of m_t and every tensor that the policy does not exclude.
     *
     * @param rankBy holds the weights that are compared: w_t, or w_0 for one-shot
     * @throws dev.espalier.controller.domain.weights.UnusableSnapshotException if an active weight
     *     is not finite
     */
    public static Mask select(MaskedWeights weights, Plan plan, ByteSource rankBy)
            throws IOException {
        Map<String, MaskTensor> next = new HashMap<>(weights.mask().tensors());
        for (TensorInfo tensor : weights.maskable()) {
            if (plan.chosen().contains(tensor.name())) {
                next.put(tensor.name(), bits(weights.mask(), tensor));
            }
        }
        List<Stretch> stretches = stretches(weights, plan, rankBy, next);
        long before = stretches.stream().mapToLong(Stretch::active).sum();
        try (var reader = new KeyReader(rankBy)) {
            var selection = new Selection(stretches, reader);
            switch (plan.policy().scope()) {
                case GLOBAL -> selection.global(plan.groups());
                case LAYER -> selection.layers(plan.groups());
                case NEURON -> selection.neurons(plan.groups());
            }
        }
        long gone = before - stretches.stream().mapToLong(Stretch::active).sum();
        if (gone != plan.pruned()) {
            throw new IllegalStateException(
                    "%d weights went, %d were planned".formatted(gone, plan.pruned()));
        }
        return new Mask(next);
    }

    private static MaskTensor bits(Mask mask, TensorInfo tensor) {
        MaskTensor bits = mask.tensor(tensor.name());
        return bits == null ? MaskTensor.ones(tensor.shape()) : bits.copy();
    }

    private static List<Stretch> stretches(
            MaskedWeights weights, Plan plan, ByteSource rankBy, Map<String, MaskTensor> bits)
            throws IOException {
        Map<String, TensorInfo> ranking = new HashMap<>();
        SafetensorsHeader.read(rankBy).tensors().forEach(t -> ranking.put(t.name(), t));
        List<Stretch> stretches = new ArrayList<>();
        for (TensorInfo tensor : weights.maskable()) {
            MaskTensor mask = bits.get(tensor.name());
            if (mask == null || !plan.chosen().contains(tensor.name())) {
                continue;
            }
            TensorInfo info = ranking.get(tensor.name());
            if (info == null || !info.dtype().isWeight() || !info.shape().equals(tensor.shape())) {
                throw new SafetensorsException(
                        "%s cannot rank '%s' %s of %s: it has %s"
                                .formatted(
                                        rankBy.name(),
                                        tensor.name(),
                                        tensor.shape(),
                                        weights.name(),
                                        info == null
                                                ? "no such tensor"
                                                : info.dtype() + " " + info.shape()));
            }
            stretches.add(Stretch.whole(info, mask));
        }
        return stretches;
    }

    private void global(List<GroupCount> groups) throws IOException {
        Set<DType> types =
                chosen.stream()
                        .map(stretch -> stretch.tensor().dtype())
                        .collect(Collectors.toSet());
        for (GroupCount group : groups) {
            if (group.pruned() > 0) {
                new StreamedSelect(reader, KeyType.common(types)).prune(chosen, group.pruned());
            }
        }
    }

    private void layers(List<GroupCount> groups) throws IOException {
        for (int i = 0; i < chosen.size(); i++) {
            one(chosen.get(i), groups.get(i).pruned());
        }
    }

    private void neurons(List<GroupCount> groups) throws IOException {
        int first = 0;
        for (Stretch tensor : chosen) {
            int rows = Math.toIntExact(tensor.tensor().rows());
            List<GroupCount> counts = groups.subList(first, first + rows);
            if (tensor.tensor().rowLength() > KeyReader.MOST_KEYS) {
                longRows(tensor, counts);
            } else {
                shortRows(tensor, counts);
            }
            first += rows;
        }
    }

    private void longRows(Stretch tensor, List<GroupCount> counts) throws IOException {
        long length = tensor.tensor().rowLength();
        for (int row = 0; row < counts.size(); row++) {
            one(tensor.part(row * length, (row + 1) * length), counts.get(row).pruned());
        }
    }

    private void shortRows(Stretch tensor, List<GroupCount> counts) throws IOException {
        if (counts.stream().allMatch(group -> group.pruned() == 0)) {
            return;
        }
        int length = Math.toIntExact(tensor.tensor().rowLength());
        reader.read(
                tensor,
                tensor.keyType(),
                KeyReader.MOST_KEYS / length * length,
                (index, keys, n) -> {
                    for (int at = 0; at < n; at += length) {
                        long c = counts.get((int) ((index + at) / length)).pruned();
                        if (c > 0) {
                            rows.prune(keys, at, length, index + at, tensor, c);
                        }
                    }
                });
    }

    /** One group that is a stretch of one tensor: in memory if it fits, in passes if not. */
    private void one(Stretch stretch, long c) throws IOException {
        if (c == 0) {
            return;
        }
        if (stretch.length() > KeyReader.MOST_KEYS) {
            new StreamedSelect(reader, stretch.keyType()).prune(List.of(stretch), c);
        } else {
            reader.read(
                    stretch,
                    stretch.keyType(),
                    KeyReader.MOST_KEYS,
                    (index, keys, n) -> rows.prune(keys, 0, n, index, stretch, c));
        }
    }
}
