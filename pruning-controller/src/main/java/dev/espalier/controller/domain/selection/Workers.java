// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.domain.selection;

import dev.espalier.controller.domain.selection.kernel.Kernel;
import dev.espalier.controller.domain.selection.kernel.ScalarKernel;
import dev.espalier.controller.domain.selection.kernel.VectorKernel;
import dev.espalier.schemas.tensor.ByteSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/** How fast masks are made. Neither threads nor kernel have a say in what comes out. */
public final class Workers {

    private static final String MODULE = "jdk.incubator.vector";

    private final int threads;
    private final Kernel kernel;

    private Workers(int threads, Kernel kernel) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "%d threads: at least 1 is wanted".formatted(threads));
        }
        this.threads = threads;
        this.kernel = kernel;
    }

    /** As many as there are processors, with the fastest kernel that works here. */
    public static Workers all() {
        return of(Runtime.getRuntime().availableProcessors());
    }

    /** With the fastest kernel that works here. */
    public static Workers of(int threads) {
        boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
        return new Workers(threads, present ? new VectorKernel() : new ScalarKernel());
    }

    /** Without the Vector API. */
    public static Workers scalar(int threads) {
        return new Workers(threads, new ScalarKernel());
    }

    /** For the log. */
    @Override
    public String toString() {
        return "%d threads with the %s kernel".formatted(threads, kernel.name());
    }

    /**
     * @param arena for the source, where it can be mapped, or else for buffers
     */
    Team team(ByteSource source, Arena arena) throws IOException {
        MemorySegment mapped = source.map(arena);
        return new Team(
                mapped != null,
                IntStream.range(0, threads)
                        .mapToObj(i -> new ThreadBuffers(source, mapped, arena, kernel))
                        .toList());
    }
}
