// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Where each pixel of an image comes from and where it goes to. Made once for a batch and set anew
 * for each image.
 */
public final class Placement {

    private static final int PADDING = 4;

    private final int[] rows;
    private final int[] columns;
    private final int channelStride;
    private final int pixelStride;
    private boolean isInOrder = true;

    /** Leaves images as they are. */
    public Placement(ImageShape shape, PixelOrder order) {
        this.rows = IntStream.range(0, shape.height()).toArray();
        this.columns = IntStream.range(0, shape.width()).toArray();
        this.channelStride = order == PixelOrder.PLANAR ? shape.plane() : 1;
        this.pixelStride = order == PixelOrder.PLANAR ? 1 : shape.channels();
    }

    /** Draws a crop and whether to mirror. */
    public void draw(SplittableRandom random) {
        isInOrder = false;
        boolean isMirrored = random.nextBoolean();
        shift(rows, random.nextInt(2 * PADDING + 1) - PADDING, false);
        shift(columns, random.nextInt(2 * PADDING + 1) - PADDING, isMirrored);
    }

    private static void shift(int[] sources, int by, boolean isMirrored) {
        int last = sources.length - 1;
        for (int i = 0; i <= last; i++) {
            int source = reflect(i + by, last);
            sources[i] = isMirrored ? last - source : source;
        }
    }

    /** The edge is not repeated; a lone row or column is all there is to take. */
    static int reflect(int position, int last) {
        if (last == 0) {
            return 0;
        }
        int period = 2 * last;
        int within = Math.floorMod(position, period);
        return within <= last ? within : period - within;
    }

    /** Whether each plane goes to consecutive places, pixel after pixel as it is. */
    boolean isInOrder() {
        return isInOrder && pixelStride == 1;
    }

    int[] rows() {
        return rows;
    }

    int[] columns() {
        return columns;
    }

    int channelStride() {
        return channelStride;
    }

    int pixelStride() {
        return pixelStride;
    }
}
