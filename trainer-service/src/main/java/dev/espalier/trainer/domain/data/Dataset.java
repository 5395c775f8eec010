// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.data;

import dev.espalier.trainer.domain.random.Permutation;
import dev.espalier.trainer.domain.random.Seeds;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A classification task. The test part chooses nothing; it is only reported on.
 *
 * @param validation held out of the training images; absent where nothing was
 * @param augmentation of the training images
 */
public record Dataset(
        String name,
        int classes,
        Normalisation normalisation,
        Split train,
        @Nullable Split validation,
        Split test,
        Augmentation augmentation) {

    private static final long PURPOSE = 0x76616c69;

    public Dataset(String name, int classes, Normalisation normalisation, Split train, Split test) {
        this(name, classes, normalisation, train, null, test, Augmentation.NONE);
    }

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

    public Dataset with(Augmentation other) {
        return new Dataset(name, classes, normalisation, train, validation, test, other);
    }

    /** Holds out a share of the training images, chosen by the seed alone. */
    public Dataset holdOut(double share, long seed) {
        int held = (int) Math.round(share * train.size());
        if (held < 1 || held >= train.size()) {
            throw new UnusableDataException(
                    "%s: a validation share of %s of %d training images is %d; both parts need at least one"
                            .formatted(name, share, train.size(), held));
        }
        int[] order = Permutation.of(train.size(), Seeds.derive(seed, PURPOSE));
        int[] rest = Arrays.copyOfRange(order, held, order.length);
        int[] out = Arrays.copyOf(order, held);
        Arrays.sort(rest);
        Arrays.sort(out);
        return new Dataset(
                name,
                classes,
                normalisation,
                train.subset(rest),
                train.subset(out),
                test,
                augmentation);
    }

    public ImageShape shape() {
        return train.shape();
    }
}
