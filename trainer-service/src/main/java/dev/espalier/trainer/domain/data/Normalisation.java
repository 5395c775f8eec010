// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Per channel (value − mean) / deviation, with the mean and the standard deviation of the training
 * images. Bytes count as 0 to 1.
 */
public final class Normalisation {

    private final float[] mean;
    private final float[] deviation;
    private final float[][] tables;

    /** Both lists have one entry per channel; deviations are positive. */
    public Normalisation(List<Double> mean, List<Double> deviation) {
        if (mean.isEmpty() || mean.size() != deviation.size()) {
            throw new IllegalArgumentException(
                    "Normalisation needs one mean and one deviation per channel, not %s and %s"
                            .formatted(mean, deviation));
        }
        int channels = mean.size();
        this.mean = new float[channels];
        this.deviation = new float[channels];
        this.tables = new float[channels][256];
        for (int channel = 0; channel < channels; channel++) {
            this.mean[channel] = mean.get(channel).floatValue();
            this.deviation[channel] = deviation.get(channel).floatValue();
            if (!(this.deviation[channel] > 0)) {
                throw new IllegalArgumentException(
                        "Deviation %s of channel %d is not positive"
                                .formatted(deviation.get(channel), channel));
            }
            for (int value = 0; value < 256; value++) {
                tables[channel][value] = apply(channel, value / 255f);
            }
        }
    }

    /** Of the images of a split, which are read once. */
    static Normalisation measured(Split split) {
        ImageShape shape = split.shape();
        Normalisation identity = identity(shape.channels());
        double[] sums = new double[shape.channels()];
        double[] squares = new double[shape.channels()];
        float[] image = new float[shape.size()];
        for (int n = 0; n < split.size(); n++) {
            split.copyImage(n, identity, image, 0);
            for (int i = 0; i < image.length; i++) {
                int channel = i / shape.plane();
                sums[channel] += image[i];
                squares[channel] += (double) image[i] * image[i];
            }
        }
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        double count = (double) split.size() * shape.plane();
        for (int channel = 0; channel < sums.length; channel++) {
            double mean = sums[channel] / count;
            double variance = squares[channel] / count - mean * mean;
            means.add(mean);
            deviations.add(variance > 1e-12 ? Math.sqrt(variance) : 1);
        }
        return new Normalisation(means, deviations);
    }

    private static Normalisation identity(int channels) {
        return new Normalisation(
                Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    public int channels() {
        return mean.length;
    }

    float apply(int channel, float value) {
        return (value - mean[channel]) / deviation[channel];
    }

    /** The 256 normalised values of a byte. */
    float[] table(int channel) {
        return tables[channel];
    }
}
