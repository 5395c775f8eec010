// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.KeyType;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.schemas.tensor.TensorInfo;
import java.util.List;

/**
 * Neighbouring weights of one tensor, all of them or some rows.
 *
 * @param tensor where the ranking weights lie
 * @param mask which of them are active; the selection clears its bits in here
 * @param from index of the first weight
 * @param to index after the last one
 */
record Stretch(TensorInfo tensor, MaskTensor mask, long from, long to) {

    static Stretch whole(TensorInfo tensor, MaskTensor mask) {
        return new Stretch(tensor, mask, 0, tensor.count());
    }

    /** Number of active weights. */
    long active() {
        return mask.active(from, to);
    }

    Stretch part(long partFrom, long partTo) {
        return new Stretch(tensor, mask, partFrom, partTo);
    }

    long length() {
        return to - from;
    }

    /** The keys that rank it where it is a group of its own. */
    KeyType keyType() {
        return KeyType.common(List.of(tensor.dtype()));
    }
}
