// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

/** A Gaussian bump, {@code amplitude · exp(−r²/(2 width²))}, on the unit square. */
record Pulse(double x, double y, double width, double amplitude) {

    /** The pulse at the nodes; {@link StrictMath} gives the same bits on every machine. */
    double[] on(Grid grid) {
        double[] field = grid.newField();
        double h = grid.spacing();
        double scale = -1 / (2 * width * width);
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                double dx = column * h - x;
                double dy = row * h - y;
                field[grid.index(column, row)] =
                        amplitude * StrictMath.exp(scale * (dx * dx + dy * dy));
            }
        }
        return field;
    }
}
