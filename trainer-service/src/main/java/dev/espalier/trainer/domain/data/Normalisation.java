// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

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
