// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.application.decision;

import dev.espalier.controller.domain.weights.MaskedWeights;
import dev.espalier.schemas.sparsity.Measurement;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;

/**
 * A snapshot brought here, with its digests checked and its parts fitting each other.
 *
 * @param source of the weights
 * @param mask holds m_t as long as this is open
 * @param measurement of these weights under this mask
 */
record Snapshot(ByteSource source, OpenMask mask, MaskedWeights weights, Measurement measurement)
        implements AutoCloseable {

    @Override
    public void close() throws IOException {
        try (source) {
            mask.close();
        }
    }
}
