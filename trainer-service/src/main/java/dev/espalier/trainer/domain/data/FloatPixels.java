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
    public void copy(
            int index,
            Normalisation normalisation,
            Placement placement,
            float[] target,
            int offset) {
        int[] columns = placement.columns();
        int step = placement.pixelStride();
        int plane = index * shape.size();
        for (int channel = 0; channel < shape.channels(); channel++) {
            int to = offset + channel * placement.channelStride();
            for (int source : placement.rows()) {
                int row = plane + source * shape.width();
                for (int column : columns) {
                    target[to] = normalisation.apply(channel, values[row + column]);
                    to += step;
                }
            }
            plane += shape.plane();
        }
    }
}
