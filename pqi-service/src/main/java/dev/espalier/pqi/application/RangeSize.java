// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application;

/**
 * Which snapshots are shared out among the replicas, and in what portions.
 *
 * @param above the snapshots whose weights have more bytes
 * @param bytes of a range, at least; it consists of whole chunks
 */
public record RangeSize(long above, long bytes) {

    /** Every snapshot is measured by one replica alone. */
    public static final RangeSize NONE = new RangeSize(Long.MAX_VALUE, Long.MAX_VALUE);

    public RangeSize {
        if (above < 0 || bytes < 1) {
            throw new IllegalArgumentException(
                    "ranges of %d bytes above %d: at least 1 above 0 is needed"
                            .formatted(bytes, above));
        }
    }
}
