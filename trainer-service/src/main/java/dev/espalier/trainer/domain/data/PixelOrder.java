// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** How the values of an image follow each other in a batch. */
public enum PixelOrder {
    /** By channel, then row, then column: what a flat image is to PyTorch. */
    PLANAR,
    /** By row, then column, then channel: what convolutions are fastest with. */
    INTERLEAVED
}
