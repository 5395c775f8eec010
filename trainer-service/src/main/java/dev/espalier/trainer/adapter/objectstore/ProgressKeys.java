// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.objectstore;

import dev.espalier.schemas.ObjectKey;
import dev.espalier.schemas.RunId;
import dev.espalier.trainer.domain.training.Position;
import java.util.Locale;

/** Keys of what only the trainer reads. Their order is that of training. */
final class ProgressKeys {

    private static final String SUFFIX = ".safetensors";

    private ProgressKeys() {}

    static String prefix(RunId run) {
        return ObjectKey.prefix(run) + "training/";
    }

    /** Iteration, epoch and image, such as {@code 000003-00000012-0000000500.safetensors}. */
    static ObjectKey of(RunId run, int iteration, Position position) {
        return new ObjectKey(
                String.format(
                        Locale.ROOT,
                        "%s%06d-%08d-%010d%s",
                        prefix(run),
                        iteration,
                        position.epoch(),
                        position.image(),
                        SUFFIX));
    }

    static int iteration(ObjectKey key) {
        return number(key, 0);
    }

    static Position position(ObjectKey key, double lossSum) {
        return new Position(number(key, 1), number(key, 2), lossSum);
    }

    private static int number(ObjectKey key, int part) {
        String name = key.value().substring(key.value().lastIndexOf('/') + 1);
        String[] parts = name.substring(0, name.length() - SUFFIX.length()).split("-", -1);
        return Integer.parseInt(parts[part]);
    }

    static ObjectKey rewindWeights(RunId run) {
        return new ObjectKey(ObjectKey.prefix(run) + "rewind.safetensors");
    }

    /** The reference of the weights: there as soon as they are. */
    static ObjectKey rewindRef(RunId run) {
        return new ObjectKey(ObjectKey.prefix(run) + "rewind.json");
    }
}
