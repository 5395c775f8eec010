// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.range;

import dev.espalier.pqi.domain.TensorPart;
import dev.espalier.schemas.Reason;
import dev.espalier.schemas.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one replica has summed of one range, as it waits in the store for the other ranges.
 *
 * @param header digest of the header that told where the tensors are
 * @param bytes digest of the bytes that were summed
 * @param failure why they cannot be summed, else null
 * @param tensors empty with a failure
 */
record RangeSums(Sha256 header, Sha256 bytes, @Nullable Reason failure, List<TensorPart> tensors) {

    RangeSums {
        tensors = List.copyOf(tensors);
    }
}
