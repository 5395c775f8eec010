// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.selection.kernel.Interval;
import dev.espalier.controller.domain.selection.kernel.KeyType;
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
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Carries out a plan: m_t and the ranking weights become m_{t+1}. Large groups are shared out among
 * the threads one by one; small ones, such as rows, are taken whole.
 */
public final class Selection {

    private final List<Stretch> chosen;
    private final Team team;

    private Selection(List<Stretch> chosen, Team team) {
        this.chosen = chosen;
        this.team = team;
    }

    /** m_{t+1} in memory, by all processors. */
    public static Mask select(MaskedWeights weights, Plan plan, ByteSource rankBy)
            throws IOException {
        Map<String, MaskTensor> next = new HashMap<>();
        shapes(weights, plan).forEach((name, shape) -> next.put(name, MaskTensor.zeros(shape)));
        Mask mask = new Mask(next);
        select(weights, plan, rankBy, mask, Workers.all());
        return mask;
    }

    /**
     * What m_{t+1} names: the tensors of m_t, and every tensor that the policy does not exclude.
     */
    public static Map<String, List<Long>> shapes(MaskedWeights weights, Plan plan) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        weights.mask().tensors().forEach((name, bits) -> shapes.put(name, bits.shape()));
        Set<String> chosen = Set.copyOf(plan.chosen());
        for (TensorInfo tensor : weights.maskable()) {
            if (chosen.contains(tensor.name())) {
                shapes.put(tensor.name(), tensor.shape());
            }
        }
        return shapes;
    }

    /**
     * m_{t+1}, a subset of m_t from which exactly the planned number is gone in every group.
     *
     * @param rankBy holds the weights that are compared: w_t, or w_0 for one-shot. A local file is
     *     read in place
     * @param next has the tensors of {@link #shapes}; becomes m_{t+1}, whatever it was
     * @throws dev.espalier.controller.domain.weights.UnusableSnapshotException if an active weight
     *     is not finite
     */
    public static void select(
            MaskedWeights weights, Plan plan, ByteSource rankBy, Mask next, Workers workers)
            throws IOException {
        next.tensors()
                .forEach(
                        (name, bits) -> {
                            MaskTensor before = weights.mask().tensor(name);
                            if (before == null) {
                                bits.fill();
                            } else {
                                bits.copyFrom(before);
                            }
                        });
        List<Stretch> stretches = stretches(weights, plan, rankBy, next);
        long before = stretches.stream().mapToLong(Stretch::active).sum();
        try (Arena arena = Arena.ofShared();
                Team team = workers.team(rankBy, arena)) {
            var selection = new Selection(stretches, team);
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
    }

    private static List<Stretch> stretches(
            MaskedWeights weights, Plan plan, ByteSource rankBy, Mask next) throws IOException {
        Map<String, TensorInfo> ranking = new HashMap<>();
        SafetensorsHeader.read(rankBy).tensors().forEach(t -> ranking.put(t.name(), t));
        Set<String> chosen = Set.copyOf(plan.chosen());
        List<Stretch> stretches = new ArrayList<>();
        for (TensorInfo tensor : weights.maskable()) {
            MaskTensor mask = next.tensor(tensor.name());
            if (mask == null || !chosen.contains(tensor.name())) {
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
                large(chosen, KeyType.common(types), group.pruned());
            }
        }
    }

    private void layers(List<GroupCount> groups) throws IOException {
        int[] small =
                IntStream.range(0, chosen.size())
                        .filter(i -> chosen.get(i).length() <= RowSelect.MOST)
                        .toArray();
        team.each(
                small.length,
                (i, buffers) ->
                        small(chosen.get(small[i]), groups.get(small[i]).pruned(), buffers));
        for (int i = 0; i < chosen.size(); i++) {
            Stretch layer = chosen.get(i);
            long c = groups.get(i).pruned();
            if (layer.length() > RowSelect.MOST && c > 0) {
                large(List.of(layer), layer.keyType(), c);
            }
        }
    }

    private void neurons(List<GroupCount> groups) throws IOException {
        int first = 0;
        for (Stretch tensor : chosen) {
            int rows = Math.toIntExact(tensor.tensor().rows());
            List<GroupCount> counts = groups.subList(first, first + rows);
            if (tensor.tensor().rowLength() > RowSelect.MOST) {
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
            long c = counts.get(row).pruned();
            if (c > 0) {
                Stretch group = tensor.part(row * length, (row + 1) * length);
                large(List.of(group), tensor.keyType(), c);
            }
        }
    }

    private void shortRows(Stretch tensor, List<GroupCount> counts) throws IOException {
        var blocks = new RowBlocks(tensor);
        team.each(
                blocks.count(),
                (i, buffers) -> {
                    for (Stretch piece : blocks.pieces(i)) {
                        rows(piece, counts, buffers);
                    }
                });
    }

    private static void rows(Stretch piece, List<GroupCount> counts, ThreadBuffers buffers)
            throws IOException {
        long length = piece.tensor().rowLength();
        int width = piece.tensor().dtype().bytes();
        long at = buffers.fetch(piece, piece.from(), (int) piece.length());
        for (long from = piece.from(); from < piece.to(); from += length) {
            long c = counts.get((int) (from / length)).pruned();
            if (c > 0) {
                Stretch row = piece.part(from, from + length);
                buffers.rows.prune(
                        row, piece.keyType(), at + (from - piece.from()) * width, c, buffers);
            }
        }
    }

    private static void small(Stretch group, long c, ThreadBuffers buffers) throws IOException {
        if (c > 0) {
            long at = buffers.fetch(group, group.from(), (int) group.length());
            buffers.rows.prune(group, group.keyType(), at, c, buffers);
        }
    }

    private void large(List<Stretch> group, KeyType type, long c) throws IOException {
        long active = group.stream().mapToLong(Stretch::active).sum();
        Interval guess =
                team.inPlace()
                        ? Guess.of(group, type, active, c, team.perThread().getFirst())
                        : null;
        new LargeGroup(team, type, group, active, c, guess).prune();
    }
}
