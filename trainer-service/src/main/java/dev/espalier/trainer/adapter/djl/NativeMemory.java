// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.djl;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Tells glibc's allocator to keep the memory of activations instead of giving it back to the kernel
 * after every step and faulting it in again: a fifth of the time of a convolutional network went
 * there. Threads born before stay in their own arenas, so this comes first. Other C libraries are
 * left as they are.
 */
final class NativeMemory {

    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int M_ARENA_MAX = -8;

    private NativeMemory() {}

    /** Whether it could be told. */
    @SuppressWarnings("restricted") // native access is granted to the process
    static boolean keep() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> mallopt = linker.defaultLookup().find("mallopt");
        if (mallopt.isEmpty()) {
            return false;
        }
        MethodHandle set =
                linker.downcallHandle(
                        mallopt.get(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        boolean isHeard = call(set, M_MMAP_THRESHOLD, 1 << 30);
        isHeard &= call(set, M_TRIM_THRESHOLD, Integer.MAX_VALUE);
        isHeard &= call(set, M_TOP_PAD, 64 << 20);
        isHeard &= call(set, M_ARENA_MAX, 1);
        return isHeard;
    }

    private static boolean call(MethodHandle set, int option, int value) {
        try {
            return (int) set.invokeExact(option, value) == 1;
        } catch (Throwable e) {
            throw new IllegalStateException("mallopt could not be called", e);
        }
    }
}
