// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

import java.util.function.DoubleBinaryOperator;

/**
 * The assembled matrices of M u'' + C u' + K u = 0. M and C are lumped; K is kept as nine stencil
 * coefficients per node, so a speed that varies from cell to cell costs nothing.
 *
 * <p>Each cell is cut into two right triangles T of area A along its rising diagonal, with K_T = c²
 * A ∇φ_i·∇φ_j and A/3 of mass per corner. An absorbing edge of length h gives c h/2 of damping to
 * each end.
 */
public final class WaveOperator {

    /**
     * Number of stencil coefficients; coefficient (dy+1)·3 + (dx+1) belongs to neighbour (dx, dy).
     */
    static final int STENCIL = 9;

    private static final int[][][] TRIANGLES = {{{0, 0}, {1, 0}, {1, 1}}, {{0, 0}, {1, 1}, {0, 1}}};

    private final Grid grid;
    private final Boundary boundary;
    private final double[] mass;
    private final double[] damping;
    private final double[][] stiffness;
    private final double maxSpeed;

    /** {@code speed} gives c at the centre (x, y) of a cell; it is positive. */
    public WaveOperator(Grid grid, Boundary boundary, DoubleBinaryOperator speed) {
        this.grid = grid;
        this.boundary = boundary;
        this.mass = grid.newField();
        this.damping = grid.newField();
        this.stiffness = new double[STENCIL][grid.fieldSize()];
        double h = grid.spacing();
        double fastest = 0;
        for (int row = 0; row < grid.cells(); row++) {
            for (int column = 0; column < grid.cells(); column++) {
                double c = speed.applyAsDouble((column + 0.5) * h, (row + 0.5) * h);
                if (!(c > 0)) {
                    throw new IllegalArgumentException(
                            "Speed %s in cell (%d, %d) is not positive".formatted(c, column, row));
                }
                fastest = Math.max(fastest, c);
                for (int[][] corners : TRIANGLES) {
                    addTriangle(column, row, corners, c * c);
                }
                addDamping(column, row, c);
            }
        }
        this.maxSpeed = fastest;
    }

    public Grid grid() {
        return grid;
    }

    public Boundary boundary() {
        return boundary;
    }

    /** Greatest speed of any cell. */
    public double maxSpeed() {
        return maxSpeed;
    }

    double mass(int node) {
        return mass[node];
    }

    double damping(int node) {
        return damping[node];
    }

    double[] coefficients(int neighbour) {
        return stiffness[neighbour];
    }

    /** Distance in a field to neighbour {@code 0..8} of a node. */
    int offset(int neighbour) {
        return (neighbour / 3 - 1) * grid.stride() + neighbour % 3 - 1;
    }

    private void addTriangle(int column, int row, int[][] corners, double c2) {
        double h = grid.spacing();
        double area = h * h / 2;
        for (int i = 0; i < 3; i++) {
            int node = grid.index(column + corners[i][0], row + corners[i][1]);
            mass[node] += area / 3;
            for (int j = 0; j < 3; j++) {
                int dx = corners[j][0] - corners[i][0];
                int dy = corners[j][1] - corners[i][1];
                // φ_i has the gradient (b_i, −a_i)/(2A), (a_i, b_i) the edge opposite to corner i.
                double dot =
                        edge(corners, i, 0) * edge(corners, j, 0)
                                + edge(corners, i, 1) * edge(corners, j, 1);
                stiffness[(dy + 1) * 3 + dx + 1][node] += c2 * h * h * dot / (4 * area);
            }
        }
    }

    /** Component {@code axis} of the edge opposite to a corner, in units of h. */
    private static int edge(int[][] corners, int corner, int axis) {
        return corners[(corner + 2) % 3][axis] - corners[(corner + 1) % 3][axis];
    }

    private void addDamping(int column, int row, double c) {
        if (boundary != Boundary.ABSORBING) {
            return;
        }
        int last = grid.cells() - 1;
        double share = c * grid.spacing() / 2;
        if (row == 0) {
            addEdge(grid.index(column, 0), grid.index(column + 1, 0), share);
        }
        if (row == last) {
            addEdge(grid.index(column, last + 1), grid.index(column + 1, last + 1), share);
        }
        if (column == 0) {
            addEdge(grid.index(0, row), grid.index(0, row + 1), share);
        }
        if (column == last) {
            addEdge(grid.index(last + 1, row), grid.index(last + 1, row + 1), share);
        }
    }

    private void addEdge(int from, int to, double share) {
        damping[from] += share;
        damping[to] += share;
    }
}
