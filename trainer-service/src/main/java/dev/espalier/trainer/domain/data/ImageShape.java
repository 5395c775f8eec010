// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** Shape of one image; pixels are ordered by channel, then row, then column. */
public record ImageShape(int channels, int height, int width) {

    public ImageShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Image shape (%d, %d, %d) has an empty dimension"
                            .formatted(channels, height, width));
        }
    }

    /** Number of values of one image. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    /** Number of values of one channel. */
    public int plane() {
        return height * width;
    }
}
