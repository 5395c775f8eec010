// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** Real values, as a simulation gives them. */
final class FloatPixels implements Pixels {

    private final ImageShape shape;
    private final float[] values;

    FloatPixels(ImageShape shape, float[] values) {
        if (values.length % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "%d values are no whole number of images of %s"
                            .formatted(values.length, shape));
        }
        this.shape = shape;
        this.values = values;
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public int count() {
        return values.length / shape.size();
    }

    @Override
    public void copy(int index, Normalisation normalisation, float[] target, int offset) {
        int plane = shape.plane();
        int from = index * shape.size();
        int to = offset;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int i = 0; i < plane; i++) {
                target[to + i] = normalisation.apply(channel, values[from + i]);
            }
            from += plane;
            to += plane;
        }
    }
}
