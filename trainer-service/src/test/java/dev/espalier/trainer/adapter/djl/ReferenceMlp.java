// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.trainer.domain.data.Dataset;
import dev.espalier.trainer.domain.data.Split;
import dev.espalier.trainer.domain.model.Initialiser;
import dev.espalier.trainer.domain.model.Mlp;
import dev.espalier.trainer.domain.model.Parameter;
import dev.espalier.trainer.domain.random.Seeds;
import dev.espalier.trainer.domain.training.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The perceptron and its recipe once more, in double precision and as plainly as possible. */
final class ReferenceMlp {

    private final int[] widths;
    private final List<double[]> parameters = new ArrayList<>();
    private final List<double[]> momentum = new ArrayList<>();
    private final List<double[]> gradients = new ArrayList<>();

    ReferenceMlp(Mlp mlp, Initialiser initialiser) {
        this.widths = new int[] {mlp.inputs(), 128, 256, mlp.classes()};
        List<Parameter> specs = mlp.parameters();
        for (int i = 0; i < specs.size(); i++) {
            float[] values = initialiser.draw(specs.get(i), i);
            double[] parameter = new double[values.length];
            for (int j = 0; j < values.length; j++) {
                parameter[j] = values[j];
            }
            parameters.add(parameter);
            momentum.add(new double[values.length]);
            gradients.add(new double[values.length]);
        }
    }

    double[] parameter(int index) {
        return parameters.get(index);
    }

    /** Returns the mean loss of each epoch. */
    double[] train(Dataset dataset, Recipe recipe, int iteration) {
        TrainingSpec spec = recipe.training();
        Split train = dataset.train();
        double[] losses = new double[spec.epochs()];
        for (int epoch = 0; epoch < spec.epochs(); epoch++) {
            int[] order = order(train.size(), recipe.seed(), iteration, epoch);
            for (int from = 0; from < order.length; from += spec.batchSize()) {
                int to = Math.min(order.length, from + spec.batchSize());
                for (int i = from; i < to; i++) {
                    losses[epoch] += backward(dataset, order[i], to - from) / order.length;
                }
                step(spec, recipe.learningRateAt(epoch));
            }
        }
        return losses;
    }

    private double backward(Dataset dataset, int image, int batch) {
        float[] pixels = new float[widths[0]];
        dataset.train().copyImage(image, dataset.normalisation(), pixels, 0);
        double[][] x = new double[4][];
        x[0] = new double[widths[0]];
        for (int i = 0; i < pixels.length; i++) {
            x[0][i] = pixels[i];
        }
        for (int layer = 0; layer < 3; layer++) {
            x[layer + 1] = forward(layer, x[layer]);
        }
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : x[3]) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (double logit : x[3]) {
            sum += Math.exp(logit - max);
        }
        int label = dataset.train().label(image);
        double[] delta = new double[widths[3]];
        for (int c = 0; c < delta.length; c++) {
            delta[c] = (Math.exp(x[3][c] - max) / sum - (c == label ? 1 : 0)) / batch;
        }
        for (int layer = 2; layer >= 0; layer--) {
            delta = backward(layer, x[layer], delta);
        }
        return Math.log(sum) - (x[3][label] - max);
    }

    private double[] forward(int layer, double[] x) {
        double[] w = parameters.get(2 * layer);
        double[] b = parameters.get(2 * layer + 1);
        double[] y = new double[b.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = b[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += w[o * x.length + i] * x[i];
            }
            y[o] = layer < 2 ? Math.max(0, y[o]) : y[o];
        }
        return y;
    }

    private double[] backward(int layer, double[] x, double[] delta) {
        double[] w = parameters.get(2 * layer);
        double[] below = new double[x.length];
        for (int o = 0; o < delta.length; o++) {
            gradients.get(2 * layer + 1)[o] += delta[o];
            for (int i = 0; i < x.length; i++) {
                gradients.get(2 * layer)[o * x.length + i] += delta[o] * x[i];
                below[i] += x[i] > 0 || layer == 0 ? delta[o] * w[o * x.length + i] : 0;
            }
        }
        return below;
    }

    private void step(TrainingSpec spec, double rate) {
        double squares = 0;
        for (double[] gradient : gradients) {
            for (double g : gradient) {
                squares += g * g;
            }
        }
        double clip = Math.min(1, spec.clipNorm() / (Math.sqrt(squares) + 1e-6));
        for (int p = 0; p < parameters.size(); p++) {
            double[] w = parameters.get(p);
            double[] m = momentum.get(p);
            double[] g = gradients.get(p);
            for (int i = 0; i < w.length; i++) {
                double gradient = clip * g[i] + spec.weightDecay() * w[i];
                m[i] = spec.momentum() * m[i] + gradient;
                w[i] -= rate * (gradient + spec.momentum() * m[i]);
                g[i] = 0;
            }
        }
    }

    /** The same order as the domain's, which is not visible here. */
    private static int[] order(int size, long seed, int iteration, int epoch) {
        SplittableRandom random =
                new SplittableRandom(Seeds.derive(seed, 0x73687566, iteration, epoch));
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
