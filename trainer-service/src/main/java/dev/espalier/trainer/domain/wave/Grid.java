// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

/**
 * The nodes of {@code cells}×{@code cells} square cells on the unit square. Fields on it carry a
 * ring of zeros around the nodes, so that the nine-point stencil needs no special case at the
 * boundary.
 */
public record Grid(int cells) {

    public Grid {
        if (cells < 1) {
            throw new IllegalArgumentException("A grid of %d cells a side".formatted(cells));
        }
    }

    /** Nodes per side. */
    public int nodes() {
        return cells + 1;
    }

    /** Distance between neighbouring nodes. */
    public double spacing() {
        return 1.0 / cells;
    }

    /** Distance in a field between a node and the one above it. */
    int stride() {
        return nodes() + 2;
    }

    /** Number of entries of a field, ring included. */
    int fieldSize() {
        return stride() * stride();
    }

    /** A field that is zero everywhere. */
    public double[] newField() {
        return new double[fieldSize()];
    }

    /** Position in a field of node (column, row), both from 0. */
    public int index(int column, int row) {
        return (row + 1) * stride() + column + 1;
    }
}
