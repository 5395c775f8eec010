// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.weights;

import java.io.Serial;

/**
 * Weights, mask and measurement do not belong together, or a weight is not finite. Reading again
 * will not help.
 */
public final class UnusableSnapshotException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    public UnusableSnapshotException(String message) {
        super(message);
    }

    /** A group was measured with more active weights than it has. */
    public static UnusableSnapshotException tooFew(String tensor, long active, long planned) {
        return new UnusableSnapshotException(
                "a group of '%s' has %d active weights, of which %d should go: it was measured under another mask"
                        .formatted(tensor, active, planned));
    }
}
