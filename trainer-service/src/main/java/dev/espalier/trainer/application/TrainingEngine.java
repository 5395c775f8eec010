// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application;

import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.Network;

/** Computes forward and backward passes. */
public interface TrainingEngine {

    /** A network of zeros, every weight alive, for the calling thread alone. */
    Network open(Architecture architecture);
}
