// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

/** A classification task. The test part chooses nothing; it is only reported on. */
public record Dataset(
        String name, int classes, Normalisation normalisation, Split train, Split test) {

    public Dataset {
        if (!train.shape().equals(test.shape())) {
            throw new UnusableDataException(
                    "%s: training images are %s, test images are %s"
                            .formatted(name, train.shape(), test.shape()));
        }
        if (train.size() == 0 || test.size() == 0) {
            throw new UnusableDataException(
                    "%s: %d training and %d test images; both parts need at least one"
                            .formatted(name, train.size(), test.size()));
        }
        if (normalisation.channels() != train.shape().channels()) {
            throw new IllegalArgumentException(
                    "%s: normalisation of %d channels for images of %s"
                            .formatted(name, normalisation.channels(), train.shape()));
        }
    }

    public ImageShape shape() {
        return train.shape();
    }
}
