// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Images and their labels: the training or the test part of a data set. */
public final class Split {

    private final Pixels pixels;
    private final byte[] labels;
    private final int[] members;

    private Split(Pixels pixels, byte[] labels, int[] members) {
        if (labels.length != pixels.count()) {
            throw new IllegalArgumentException(
                    "%d labels for %d images".formatted(labels.length, pixels.count()));
        }
        this.pixels = pixels;
        this.labels = labels;
        this.members = members;
    }

    private static Split all(Pixels pixels, byte[] labels) {
        return new Split(pixels, labels, IntStream.range(0, labels.length).toArray());
    }

    /** Unsigned bytes, image after image; the arrays are not copied. */
    public static Split ofBytes(ImageShape shape, byte[] values, byte[] labels) {
        return all(new BytePixels(shape, values), labels);
    }

    /** Real values, image after image; the arrays are not copied. */
    public static Split ofFloats(ImageShape shape, float[] values, byte[] labels) {
        return all(new FloatPixels(shape, values), labels);
    }

    public ImageShape shape() {
        return pixels.shape();
    }

    public int size() {
        return members.length;
    }

    public int label(int index) {
        return labels[members[index]] & 0xff;
    }

    /** Writes image {@code index}, normalised and placed, to {@code target}. */
    public void copyImage(
            int index,
            Normalisation normalisation,
            Placement placement,
            float[] target,
            int offset) {
        pixels.copy(members[index], normalisation, placement, target, offset);
    }

    /** As it is, by channel, then row, then column. */
    public void copyImage(int index, Normalisation normalisation, float[] target, int offset) {
        copyImage(index, normalisation, new Placement(shape(), PixelOrder.PLANAR), target, offset);
    }

    /** Some of the images, in the order given; pixels are shared. */
    Split subset(int[] indices) {
        return new Split(pixels, labels, Arrays.stream(indices).map(i -> members[i]).toArray());
    }
}
