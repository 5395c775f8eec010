// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

/**
 * Where the training of an iteration is: before image {@code image}, in the epoch's order, of epoch
 * {@code epoch}. Order, augmentation and learning rate follow from it and from the seed.
 *
 * @param lossSum over the images of the epoch so far, which its mean is made of
 */
public record Position(int epoch, int image, double lossSum) {

    public static final Position START = new Position(0, 0, 0);
}
