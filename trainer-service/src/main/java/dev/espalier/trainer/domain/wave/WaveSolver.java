// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

/**
 * Central differences in time (Newmark β=0, γ=1/2), explicit because M and C are diagonal:
 *
 * <pre>
 * u^{n+1} = [2M u^n − (M − dt/2·C) u^{n−1} − dt² K u^n] / (M + dt/2·C)
 * u^1     = u^0 − dt²/2 · M⁻¹ K u^0                          from rest
 * </pre>
 *
 * <p>The step dt = 0.5 h/c_max is stable for P1 with any of the boundaries, whose limits are
 * h/(c√2) for Dirichlet and (2/3) h/c with free or absorbing corners.
 */
public final class WaveSolver {

    private static final double COURANT = 0.5;

    private final Grid grid;
    private final double step;
    private final double[] inertia;
    private final double[] memory;
    private final double[] start;

    /** Stiffness times −dt²/(M + dt/2·C), by neighbour. */
    private final double[][] force;

    public WaveSolver(WaveOperator operator) {
        this.grid = operator.grid();
        this.step = COURANT * grid.spacing() / operator.maxSpeed();
        this.inertia = grid.newField();
        this.memory = grid.newField();
        this.start = grid.newField();
        this.force = new double[WaveOperator.STENCIL][grid.fieldSize()];
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                int node = grid.index(column, row);
                boolean fixed =
                        operator.boundary() == Boundary.DIRICHLET && onBoundary(column, row);
                double m = operator.mass(node);
                double c = step / 2 * operator.damping(node);
                double free = fixed ? 0 : 1;
                inertia[node] = free * 2 * m / (m + c);
                memory[node] = free * (m - c) / (m + c);
                start[node] = free * (m + c) / (2 * m);
                for (int k = 0; k < WaveOperator.STENCIL; k++) {
                    force[k][node] = -free * step * step * operator.coefficients(k)[node] / (m + c);
                }
            }
        }
    }

    /** The time step dt. */
    public double timeStep() {
        return step;
    }

    /** The field one step after {@code initial}, which is at rest. */
    public double[] first(double[] initial) {
        double[] zero = grid.newField();
        double[] forced = grid.newField();
        advance(zero, initial, forced);
        // advance gave 2M/(M+dt/2·C) u^0 − dt²/(M+dt/2·C) K u^0; what is wanted is u^0 − dt²/2 M⁻¹
        // K u^0.
        double[] next = grid.newField();
        for (int i = 0; i < next.length; i++) {
            next[i] = initial[i] + start[i] * (forced[i] - inertia[i] * initial[i]);
        }
        return next;
    }

    /** Writes the field that follows {@code now} to {@code next}, which may be {@code before}. */
    public void advance(double[] before, double[] now, double[] next) {
        int stride = grid.stride();
        int nodes = grid.nodes();
        double[] k0 = force[0];
        double[] k1 = force[1];
        double[] k2 = force[2];
        double[] k3 = force[3];
        double[] k4 = force[4];
        double[] k5 = force[5];
        double[] k6 = force[6];
        double[] k7 = force[7];
        double[] k8 = force[8];
        for (int row = 0; row < nodes; row++) {
            int from = grid.index(0, row);
            for (int i = from; i < from + nodes; i++) {
                double below =
                        k0[i] * now[i - stride - 1]
                                + k1[i] * now[i - stride]
                                + k2[i] * now[i - stride + 1];
                double level = k3[i] * now[i - 1] + k4[i] * now[i] + k5[i] * now[i + 1];
                double above =
                        k6[i] * now[i + stride - 1]
                                + k7[i] * now[i + stride]
                                + k8[i] * now[i + stride + 1];
                next[i] = inertia[i] * now[i] - memory[i] * before[i] + (below + level + above);
            }
        }
    }

    /** The field after {@code steps} steps of dt, from {@code initial} at rest. */
    public double[] run(double[] initial, int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("%d steps; at least one".formatted(steps));
        }
        double[] before = initial.clone();
        double[] now = first(initial);
        for (int n = 1; n < steps; n++) {
            advance(before, now, before);
            double[] next = before;
            before = now;
            now = next;
        }
        return now;
    }

    private boolean onBoundary(int column, int row) {
        int last = grid.nodes() - 1;
        return column == 0 || row == 0 || column == last || row == last;
    }
}
