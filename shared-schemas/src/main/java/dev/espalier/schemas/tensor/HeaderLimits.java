// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.tensor;

/**
 * What a reader accepts of a safetensors header, so that a hostile file cannot fill the heap.
 *
 * @param bytes the greatest length of the header in bytes
 * @param tensors the greatest number of tensors
 */
public record HeaderLimits(int bytes, int tensors) {

    /** 16 MiB and 100,000 tensors. */
    public static final HeaderLimits DEFAULT = new HeaderLimits(16 << 20, 100_000);

    /**
     * The header of a mask also has the shape of each tensor, so it is longer than the weights'.
     */
    static final HeaderLimits MASK = new HeaderLimits(64 << 20, 100_000);

    /** The greatest length of a tensor's name in characters. */
    static final int NAME_CHARACTERS = 256;

    /** The limit of the reference reader. */
    private static final int REFERENCE_BYTES = 100_000_000;

    public HeaderLimits {
        if (bytes < 2 || bytes > REFERENCE_BYTES) {
            throw new IllegalArgumentException(
                    "the limit of header bytes is %d, outside 2 to %d"
                            .formatted(bytes, REFERENCE_BYTES));
        }
        if (tensors < 1) {
            throw new IllegalArgumentException(
                    "the limit of tensors is %d, below 1".formatted(tensors));
        }
    }
}
