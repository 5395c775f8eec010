// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** What is done to training images, anew in every epoch. */
public enum Augmentation {
    NONE,
    /**
     * Mirrored or not, and cropped at random from the image padded by 4 pixels that are reflected
     * at its edges (which are not repeated).
     */
    FLIP_AND_CROP
}
