// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

import dev.espalier.controller.domain.planning.Plan;
import dev.espalier.controller.domain.selection.Selection;
import dev.espalier.controller.domain.selection.Workers;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.decision.GroupCount;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.policy.StopRule;
import dev.espalier.schemas.sparsity.Scope;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fifth of the weights of a file goes, the smallest ones: from the mapped file to the mask, as
 * the controller does it.
 */
final class Pruning implements SideBySideCase {

    private static final double RATIO = 0.2;

    private final String name;
    private final FileSource source;
    private final MaskedWeights weights;
    private final Plan plan;
    private final Mask next;
    private final Workers workers;

    Pruning(String name, FileSource source, int threads) throws IOException {
        this.name = name;
        this.source = source;
        this.weights = MaskedWeights.read(source, Mask.DENSE);
        long total = weights.total();
        this.plan =
                new Plan(
                        new Policy(
                                "fifth",
                                Scope.GLOBAL,
                                new PruningRule.FixedRatio(RATIO),
                                1,
                                List.of(),
                                StopRule.NONE),
                        weights.maskable().stream().map(TensorInfo::name).toList(),
                        List.of(new GroupCount(null, null, total, (long) (RATIO * total), null)),
                        List.of());
        Map<String, MaskTensor> masks = new HashMap<>();
        Selection.shapes(weights, plan)
                .forEach((tensor, shape) -> masks.put(tensor, MaskTensor.zeros(shape)));
        this.next = new Mask(masks);
        this.workers = Workers.of(threads);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bytes() {
        return weights.maskable().stream()
                .mapToLong(tensor -> tensor.count() * tensor.dtype().bytes())
                .sum();
    }

    @Override
    public double run() {
        long start = System.nanoTime();
        try {
            Selection.select(weights, plan, source, next, workers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
