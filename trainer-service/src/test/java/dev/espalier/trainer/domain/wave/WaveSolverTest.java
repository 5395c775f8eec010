// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaveSolverTest {

    private static final int STEPS = 4000;

    private final Grid grid = new Grid(24);

    @ParameterizedTest
    @EnumSource(
            value = Boundary.class,
            names = {"DIRICHLET", "NEUMANN"})
    void shouldKeepEnergyOverThousandsOfSteps(Boundary boundary) {
        WaveOperator operator = new WaveOperator(grid, boundary, WaveOperatorTest.VARYING);
        WaveSolver solver = new WaveSolver(operator);
        double[] before = interiorPulse();
        double[] now = solver.first(before);
        double energy = energy(operator, solver, before, now);

        for (int n = 1; n < STEPS; n++) {
            double[] next = grid.newField();
            solver.advance(before, now, next);
            before = now;
            now = next;
        }

        assertThat(energy(operator, solver, before, now) / energy).isCloseTo(1, within(1e-11));
    }

    @Test
    void shouldLoseThroughAbsorbingBoundaryWhatDampingTakes() {
        WaveOperator operator =
                new WaveOperator(grid, Boundary.ABSORBING, WaveOperatorTest.VARYING);
        WaveSolver solver = new WaveSolver(operator);
        double[] before = interiorPulse();
        double[] now = solver.first(before);
        double first = energy(operator, solver, before, now);

        for (int n = 1; n < 300; n++) {
            double[] next = grid.newField();
            solver.advance(before, now, next);
            double energy = energy(operator, solver, before, now);
            double loss = energy - energy(operator, solver, now, next);
            assertThat(loss).isCloseTo(damped(operator, solver, before, next), within(1e-12));
            before = now;
            now = next;
        }

        assertThat(energy(operator, solver, before, now)).isLessThan(0.05 * first);
    }

    @ParameterizedTest
    @EnumSource(
            value = Boundary.class,
            names = {"DIRICHLET", "NEUMANN"})
    void shouldConvergeToStandingWaveWithOrderTwo(Boundary boundary) {
        double coarse = standingWaveError(boundary, 16);
        double fine = standingWaveError(boundary, 32);

        double order = Math.log(coarse / fine) / Math.log(2);

        assertThat(order).isBetween(1.9, 2.1);
    }

    /** Root mean square of the error at time 1 for c = 1, where dt is 1/(2 cells). */
    private static double standingWaveError(Boundary boundary, int cells) {
        Grid grid = new Grid(cells);
        double[] initial = standingWave(boundary, grid, 0);
        WaveSolver solver = new WaveSolver(new WaveOperator(grid, boundary, (x, y) -> 1));

        double[] computed = solver.run(initial, 2 * cells);

        double[] exact = standingWave(boundary, grid, 1);
        double sum = 0;
        for (int i = 0; i < exact.length; i++) {
            sum += (computed[i] - exact[i]) * (computed[i] - exact[i]);
        }
        return Math.sqrt(sum / (grid.nodes() * grid.nodes()));
    }

    private static double[] standingWave(Boundary boundary, Grid grid, double time) {
        double[] field = grid.newField();
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                double x = Math.PI * column * grid.spacing();
                double y = Math.PI * row * grid.spacing();
                double shape =
                        boundary == Boundary.DIRICHLET
                                ? Math.sin(x) * Math.sin(y)
                                : Math.cos(x) * Math.cos(y);
                field[grid.index(column, row)] = shape * Math.cos(Math.sqrt(2) * Math.PI * time);
            }
        }
        return field;
    }

    private double[] interiorPulse() {
        double[] field = new Pulse(0.4, 0.55, 0.08, 1).on(grid);
        for (int i = 0; i < grid.nodes(); i++) {
            field[grid.index(i, 0)] = 0;
            field[grid.index(i, grid.cells())] = 0;
            field[grid.index(0, i)] = 0;
            field[grid.index(grid.cells(), i)] = 0;
        }
        return field;
    }

    /** ½ (Δu/dt)ᵀ M (Δu/dt) + ½ (u^{n+1})ᵀ K u^n. */
    private double energy(WaveOperator operator, WaveSolver solver, double[] u, double[] next) {
        double kinetic = 0;
        double potential = 0;
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                int node = grid.index(column, row);
                double velocity = (next[node] - u[node]) / solver.timeStep();
                kinetic += operator.mass(node) * velocity * velocity;
                for (int k = 0; k < 9; k++) {
                    double force = operator.coefficients(k)[node];
                    potential += next[node] * force * u[node + operator.offset(k)];
                }
            }
        }
        return (kinetic + potential) / 2;
    }

    /** dt · vᵀ C v with v = (u^{n+1} − u^{n−1})/(2 dt). */
    private double damped(WaveOperator operator, WaveSolver solver, double[] u, double[] next) {
        double sum = 0;
        for (int row = 0; row < grid.nodes(); row++) {
            for (int column = 0; column < grid.nodes(); column++) {
                int node = grid.index(column, row);
                double velocity = (next[node] - u[node]) / (2 * solver.timeStep());
                sum += operator.damping(node) * velocity * velocity;
            }
        }
        return solver.timeStep() * sum;
    }
}
