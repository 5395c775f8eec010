// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import ai.djl.engine.Engine;
import dev.espalier.trainer.domain.model.Architecture;
import dev.espalier.trainer.domain.training.Network;

/**
 * PyTorch on the CPU, through DJL. Nothing is downloaded and nobody is called: the native library
 * is on the class path, and DJL is told to be offline before it is first touched.
 */
public final class DjlEngine {

    private final Engine engine;
    private final boolean keepsMemory;

    /** Loads the native library, which takes a second or two the first time on a machine. */
    public DjlEngine(int threads) {
        this.keepsMemory = NativeMemory.keep();
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        this.engine = Engine.getEngine("PyTorch");
    }

    /** Version of PyTorch. */
    public String version() {
        return engine.getVersion();
    }

    /** Whether the allocator keeps the memory of activations from step to step. */
    public boolean keepsMemory() {
        return keepsMemory;
    }

    /** A network of zeros, to be used by the calling thread alone. */
    public Network open(Architecture architecture) {
        return new DjlNetwork(engine.newBaseManager(), architecture);
    }
}
