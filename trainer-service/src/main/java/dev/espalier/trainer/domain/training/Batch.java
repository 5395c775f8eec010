// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.PixelOrder;
import dev.espalier.trainer.domain.data.Placement;
import dev.espalier.trainer.domain.data.Split;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Normalised images and their labels in native memory, refilled for each step. The pixels of an
 * image are in the order that the network wants.
 */
public final class Batch implements AutoCloseable {

    private final Arena memory = Arena.ofShared();
    private final int capacity;
    private final ImageShape shape;
    private final PixelOrder pixelOrder;
    private final int imageSize;
    private final Placement asIs;
    private final Placement drawn;

    /** One image, small enough to stay in the nearest cache. */
    private final float[] staging;

    private final MemorySegment images;
    private final MemorySegment labels;
    private int size;

    public Batch(int capacity, ImageShape shape, PixelOrder pixelOrder) {
        this.capacity = capacity;
        this.shape = shape;
        this.pixelOrder = pixelOrder;
        this.imageSize = shape.size();
        this.asIs = new Placement(shape, pixelOrder);
        this.drawn = new Placement(shape, pixelOrder);
        this.staging = new float[imageSize];
        this.images = memory.allocate(4L * capacity * imageSize, 64);
        this.labels = memory.allocate(8L * capacity, 64);
    }

    public int capacity() {
        return capacity;
    }

    /** Number of images at present. */
    public int size() {
        return size;
    }

    public ImageShape shape() {
        return shape;
    }

    public PixelOrder pixelOrder() {
        return pixelOrder;
    }

    /** Number of values of an image. */
    public int imageSize() {
        return imageSize;
    }

    /** {@code size × imageSize} floats. */
    public MemorySegment images() {
        return images.asSlice(0, 4L * size * imageSize);
    }

    /** {@code size} 64-bit integers. */
    public MemorySegment labels() {
        return labels.asSlice(0, 8L * size);
    }

    public int label(int index) {
        return (int) labels.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    /**
     * Takes images {@code order[from], order[from + 1], …}, as many as there are and fit.
     *
     * @param augmenting draws each image's placement; null to leave images as they are
     */
    void fill(
            Split split,
            Normalisation normalisation,
            int[] order,
            int from,
            @Nullable Augmenting augmenting) {
        size = Math.min(capacity, order.length - from);
        for (int i = 0; i < size; i++) {
            int image = order[from + i];
            Placement placement = asIs;
            if (augmenting != null) {
                placement = drawn;
                placement.draw(augmenting.randomFor(image));
            }
            split.copyImage(image, normalisation, placement, staging, 0);
            MemorySegment.copy(
                    staging, 0, images, ValueLayout.JAVA_FLOAT, 4L * i * imageSize, imageSize);
            labels.setAtIndex(ValueLayout.JAVA_LONG, i, split.label(image));
        }
    }

    /** Takes images as they are. */
    public void fill(Split split, Normalisation normalisation, int[] order, int from) {
        fill(split, normalisation, order, from, null);
    }

    @Override
    public void close() {
        memory.close();
    }
}
