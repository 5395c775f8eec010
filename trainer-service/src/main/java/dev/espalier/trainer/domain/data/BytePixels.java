// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** Unsigned bytes, 0 to 255, which normalisation reads as 0 to 1. */
final class BytePixels implements Pixels {

    private final ImageShape shape;
    private final byte[] values;

    BytePixels(ImageShape shape, byte[] values) {
        if (values.length % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "%d bytes are no whole number of images of %s".formatted(values.length, shape));
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
        if (placement.isInOrder()) {
            copyInOrder(index, normalisation, target, offset);
        } else {
            copyByPixel(index, normalisation, placement, target, offset);
        }
    }

    private void copyInOrder(int index, Normalisation normalisation, float[] target, int offset) {
        int from = index * shape.size();
        int to = offset;
        for (int channel = 0; channel < shape.channels(); channel++) {
            float[] table = normalisation.table(channel);
            for (int i = 0; i < shape.plane(); i++) {
                target[to + i] = table[values[from + i] & 0xff];
            }
            from += shape.plane();
            to += shape.plane();
        }
    }

    private void copyByPixel(
            int index,
            Normalisation normalisation,
            Placement placement,
            float[] target,
            int offset) {
        int[] columns = placement.columns();
        int step = placement.pixelStride();
        int plane = index * shape.size();
        for (int channel = 0; channel < shape.channels(); channel++) {
            float[] table = normalisation.table(channel);
            int to = offset + channel * placement.channelStride();
            for (int source : placement.rows()) {
                int row = plane + source * shape.width();
                for (int column : columns) {
                    target[to] = table[values[row + column] & 0xff];
                    to += step;
                }
            }
            plane += shape.plane();
        }
    }
}
