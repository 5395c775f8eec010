// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local;

import java.nio.file.Path;

/** A stack in a JVM of its own, for as long as its standard input is open. */
final class StackMain {
    private StackMain() {}

    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        try (LocalStack stack = LocalStack.start(LocalStackConfig.in(Path.of(args[0])))) {
            var _ = stack.failure().thenAccept(e -> System.out.println("failed: " + e));
            System.out.println("up " + stack.bootstrapServers() + " in " + millisSince(begin));
            while (System.in.read() >= 0) {
                // Until the end.
            }
            begin = System.nanoTime();
        }
        System.out.println("down in " + millisSince(begin));
    }

    private static String millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000 + " ms";
    }
}
