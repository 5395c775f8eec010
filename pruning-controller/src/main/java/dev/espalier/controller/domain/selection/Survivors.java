// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.controller.domain.selection.kernel.Tile;
import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.sparsity.PowerSums;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.Mask;
import dev.espalier.schemas.tensor.MaskTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Power sums of the weights that a mask leaves, as they are before the next training. Each chunk of
 * {@link Chunks#LENGTH} weights is added up in its order, then the chunks in theirs, so that the
 * sums are the same on any number of threads.
 */
public final class Survivors {

    private Survivors() {}

    /**
     * @param source of the weights
     * @param next m_{t+1}
     * @return over every tensor that could be pruned, for p and q
     */
    public static PowerSums sums(
            MaskedWeights weights, ByteSource source, Mask next, NormPair pair, Workers workers)
            throws IOException {
        var chunks =
                new Chunks(
                        weights.maskable().stream()
                                .map(
                                        tensor -> {
                                            MaskTensor bits = next.tensor(tensor.name());
                                            return Stretch.whole(
                                                    tensor,
                                                    bits == null
                                                            ? MaskTensor.ones(tensor.shape())
                                                            : bits);
                                        })
                                .toList());
        long[] active = new long[chunks.count()];
        double[] sumsP = new double[chunks.count()];
        double[] sumsQ = new double[chunks.count()];
        try (Arena arena = Arena.ofShared();
                Team team = workers.team(source, arena)) {
            team.each(
                    chunks.count(),
                    (i, buffers) -> {
                        Stretch chunk = chunks.get(i);
                        var found = new double[Tile.LENGTH];
                        buffers.visit(
                                chunk,
                                chunk.keyType(),
                                (tile, index, n) -> {
                                    int count = magnitudes(tile, chunk, index, n, found);
                                    active[i] += count;
                                    sumsP[i] = add(sumsP[i], found, count, pair.p());
                                    sumsQ[i] = add(sumsQ[i], found, count, pair.q());
                                });
                    });
        }
        long d = 0;
        double sumP = 0;
        double sumQ = 0;
        for (int i = 0; i < chunks.count(); i++) {
            d += active[i];
            sumP += sumsP[i];
            sumQ += sumsQ[i];
        }
        return new PowerSums(List.of(pair.p(), pair.q()), d, List.of(sumP, sumQ));
    }

    /**
     * @param found in: room; out: |w| of the active weights, in their order
     * @return how many there are
     */
    private static int magnitudes(Tile tile, Stretch chunk, long index, int n, double[] found) {
        KeyType type = chunk.keyType();
        int count = 0;
        for (int at = 0; at < n; at += 64) {
            long alive = chunk.mask().bits(index + at, Math.min(64, n - at));
            for (long left = alive; left != 0; left &= left - 1) {
                found[count++] = type.magnitude(tile.key(at + Long.numberOfTrailingZeros(left)));
            }
        }
        return count;
    }

    /**
     * The usual exponents need no power, which is slow; StrictMath makes it the same everywhere.
     */
    private static double add(double before, double[] values, int count, double exponent) {
        double sum = before;
        if (exponent == 0.5) {
            for (int i = 0; i < count; i++) {
                sum += Math.sqrt(values[i]);
            }
        } else if (exponent == 1) {
            for (int i = 0; i < count; i++) {
                sum += values[i];
            }
        } else if (exponent == 2) {
            for (int i = 0; i < count; i++) {
                sum += values[i] * values[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                sum += StrictMath.pow(values[i], exponent);
            }
        }
        return sum;
    }
}
