// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.offline;

import dev.espalier.pqi.domain.MeasuredSnapshot;
import dev.espalier.pqi.domain.SnapshotMeasurer;
import dev.espalier.pqi.domain.kernel.KernelChoice;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.schemas.tensor.ByteSource;
import dev.espalier.schemas.tensor.FileSource;
import dev.espalier.schemas.tensor.Mask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What pqi-service would measure on a file. */
public final class SnapshotMeasurement {

    private SnapshotMeasurement() {}

    /**
     * @param mask null where every weight is active
     * @param pairs the defaults are taken where there are none
     * @param gini whether the Gini index is wanted
     * @param threads that sum; the result is the same with any number
     */
    public static MeasuredSnapshot of(
            Path weights, @Nullable Path mask, List<NormPair> pairs, boolean gini, int threads)
            throws IOException {
        try (FileSource source = Inputs.open(weights)) {
            Mask active = Inputs.mask(mask, source);
            return Inputs.about(
                    weights,
                    () ->
                            new SnapshotMeasurer(
                                            KernelChoice.of(KernelChoice.Preference.AUTO).kernel(),
                                            threads)
                                    .measure(source, active, pairs, gini));
        }
    }

    static MeasuredSnapshot measured(ByteSource weights, Mask mask, List<NormPair> pairs)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        return new SnapshotMeasurer(KernelChoice.of(KernelChoice.Preference.AUTO).kernel(), threads)
                .measure(weights, mask, pairs);
    }
}
