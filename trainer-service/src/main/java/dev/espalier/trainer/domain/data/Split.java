// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** Images and their labels: the training or the test part of a data set. */
public final class Split {

    private final Pixels pixels;
    private final byte[] labels;

    private Split(Pixels pixels, byte[] labels) {
        if (labels.length != pixels.count()) {
            throw new IllegalArgumentException(
                    "%d labels for %d images".formatted(labels.length, pixels.count()));
        }
        this.pixels = pixels;
        this.labels = labels;
    }

    /** Unsigned bytes, image after image; the arrays are not copied. */
    public static Split ofBytes(ImageShape shape, byte[] values, byte[] labels) {
        return new Split(new BytePixels(shape, values), labels);
    }

    /** Real values, image after image; the arrays are not copied. */
    public static Split ofFloats(ImageShape shape, float[] values, byte[] labels) {
        return new Split(new FloatPixels(shape, values), labels);
    }

    public ImageShape shape() {
        return pixels.shape();
    }

    public int size() {
        return labels.length;
    }

    public int label(int index) {
        return labels[index] & 0xff;
    }

    /** Writes image {@code index}, normalised, to {@code target} from {@code offset} on. */
    public void copyImage(int index, Normalisation normalisation, float[] target, int offset) {
        pixels.copy(index, normalisation, target, offset);
    }
}
