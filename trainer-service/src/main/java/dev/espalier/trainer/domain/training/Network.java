// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.domain.training;

import dev.espalier.schemas.run.TrainingSpec;
import dev.espalier.schemas.tensor.MaskTensor;
import dev.espalier.trainer.domain.model.Architecture;
import java.lang.foreign.MemorySegment;

/**
 * A network that can be trained, wherever its parameters live. One thread uses it at a time, and
 * always the same one: engines keep worker threads and gradient modes per calling thread.
 */
public interface Network extends AutoCloseable {

    Architecture architecture();

    /** Sets a parameter, given by its place in the architecture, to row-major 32-bit floats. */
    void load(int parameter, MemorySegment values);

    /** Copies a parameter to row-major 32-bit floats. */
    void store(int parameter, MemorySegment target);

    /** Sets a buffer, given by its place in the architecture. */
    void loadBuffer(int buffer, MemorySegment values);

    /** Copies a buffer. */
    void storeBuffer(int buffer, MemorySegment target);

    /** Sets the momentum of a parameter, as it was stored. */
    void loadMomentum(int parameter, MemorySegment values);

    /** Copies the momentum of a parameter. */
    void storeMomentum(int parameter, MemorySegment target);

    /** Lets every weight of a parameter live. */
    void unmask(int parameter);

    /** Sets the weights that the mask prunes to 0, where they stay. */
    void mask(int parameter, MaskTensor mask);

    /** Forgets momentum: every iteration begins with a fresh optimiser. */
    void resetOptimiser();

    /**
     * One step of SGD on a batch.
     *
     * @return mean loss of the batch before the step
     * @throws DivergedException when loss or gradient is not finite; the parameters are unchanged
     */
    double step(Batch batch, TrainingSpec recipe, double learningRate);

    /**
     * Moves running statistics towards those of a batch, without learning from it.
     *
     * @param share of the batch, 0 to 1; 1/n at the n-th batch gives the mean of all
     */
    void estimateStatistics(Batch batch, double share);

    /** Classifies a batch without learning from it. */
    Score score(Batch batch);

    @Override
    void close();
}
