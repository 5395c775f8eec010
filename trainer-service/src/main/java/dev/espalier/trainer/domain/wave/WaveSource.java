// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.wave;

import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.ImageShape;
import dev.espalier.trainer.domain.data.Normalisation;
import dev.espalier.trainer.domain.data.Split;
import dev.espalier.trainer.domain.random.Gaussian;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The data set {@code wave-source}: from one late, noisy snapshot of a wave, tell in which of nine
 * squares its source was.
 *
 * <p>A Gaussian pulse of random sign, height and width starts at rest in one square of a 3×3 grid
 * over [.1, .9]², runs through a medium of speed 1 with an inclusion of another speed, and leaves
 * through absorbing boundaries. The image is the mean of u over each of the 32×32 cells after
 * {@link #STEPS} steps. The random sign makes the mean image of every class zero, so a linear
 * classifier cannot do well.
 *
 * <p>A sample depends on its index alone: it is drawn from {@code SplittableRandom(seed + index)}.
 */
public final class WaveSource {

    public static final String NAME = "wave-source";
    public static final int CLASSES = 9;
    public static final int CELLS = 32;
    public static final int STEPS = 40;

    /** Test samples are numbered from here on, whatever the number of training samples. */
    private static final int FIRST_TEST_INDEX = 1 << 30;

    private static final double MARGIN = 0.1;
    private static final double SQUARE = (1 - 2 * MARGIN) / 3;

    /** Standard deviation of the noise on each cell, about that of the wave itself. */
    private static final double NOISE = 0.05;

    /** Standard deviation of all values of the images, noise included. */
    private static final double DEVIATION = 0.081;

    private final long seed;
    private final Grid grid = new Grid(CELLS);
    private final WaveSolver solver;

    public WaveSource(long seed) {
        this.seed = seed;
        this.solver = new WaveSolver(new WaveOperator(grid, Boundary.ABSORBING, WaveSource::speed));
    }

    /** All samples, generated in parallel; the result is the same as one after the other. */
    public Dataset generate(int trainSamples, int testSamples) {
        Split train = split(0, trainSamples, true);
        Split test = split(FIRST_TEST_INDEX, testSamples, true);
        return new Dataset(
                NAME, CLASSES, new Normalisation(List.of(0.0), List.of(DEVIATION)), train, test);
    }

    Split split(int firstIndex, int samples, boolean parallel) {
        int size = CELLS * CELLS;
        float[] values = new float[Math.multiplyExact(samples, size)];
        byte[] labels = new byte[samples];
        IntStream indices = IntStream.range(0, samples);
        (parallel ? indices.parallel() : indices)
                .forEach(i -> labels[i] = sample(firstIndex + i, values, i * size));
        return Split.ofFloats(new ImageShape(1, CELLS, CELLS), values, labels);
    }

    /** Writes one image and returns its label. */
    private byte sample(int index, float[] target, int offset) {
        SplittableRandom random = new SplittableRandom(seed + index);
        int label = random.nextInt(CLASSES);
        int column = label % 3;
        int row = label / 3;
        double x = MARGIN + SQUARE * (column + random.nextDouble());
        double y = MARGIN + SQUARE * (row + random.nextDouble());
        double width = 2.5 * grid.spacing() * (1 + 0.5 * random.nextDouble());
        double height = 0.5 + 0.5 * random.nextDouble();
        double amplitude = random.nextBoolean() ? height : -height;
        Gaussian noise = new Gaussian(random);
        double[] u = solver.run(new Pulse(x, y, width, amplitude).on(grid), STEPS);
        for (int j = 0; j < CELLS; j++) {
            for (int i = 0; i < CELLS; i++) {
                double mean =
                        (u[grid.index(i, j)]
                                        + u[grid.index(i + 1, j)]
                                        + u[grid.index(i, j + 1)]
                                        + u[grid.index(i + 1, j + 1)])
                                / 4;
                target[offset + j * CELLS + i] = (float) (mean + NOISE * noise.next());
            }
        }
        return (byte) label;
    }

    /** A faster disc, off the centre, so that the picture has no symmetry to rely on. */
    private static double speed(double x, double y) {
        double dx = x - 0.62;
        double dy = y - 0.45;
        return dx * dx + dy * dy < 0.15 * 0.15 ? 1.5 : 1.0;
    }
}
