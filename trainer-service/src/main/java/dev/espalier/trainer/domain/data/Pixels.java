// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** The images of a split, in the type in which they are stored. */
sealed interface Pixels permits BytePixels, FloatPixels {

    ImageShape shape();

    /** Number of images. */
    int count();

    /** Writes image {@code index}, normalised, to {@code target} from {@code offset} on. */
    void copy(
            int index,
            Normalisation normalisation,
            Placement placement,
            float[] target,
            int offset);
}
