// SPDX-License-Identifier: Apache-2.0
package dev.espalier.local.process;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Runs another main class and ends with its parent process, so that a service that was started by a
 * launcher does not outlive it, even when the launcher was killed, and needs to know nothing of it.
 *
 * <p>{@code java -cp local-stack.jar:quarkus-run.jar dev.espalier.local.process.Supervised <main
 * class> <args>}. Uses nothing but the JDK: no other class of this project is loaded.
 */
public final class Supervised {
    /** The pid of the process that must be the parent; it may have died before this one looks. */
    static final String PARENT_PROPERTY = "espalier.supervised.parent";

    /** As if ended by SIGTERM. */
    static final int EXIT_CODE = 143;

    private static final long LOOK_EVERY_MILLIS = 500;
    private static final long HALT_AFTER_MILLIS = 30_000;

    private Supervised() {}

    public static void main(String[] args) throws Throwable {
        if (args.length == 0) {
            throw new IllegalArgumentException(
                    "No main class given: Supervised <main class> <arguments>");
        }
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        Long expected = Long.getLong(PARENT_PROPERTY);
        Thread.ofPlatform().name("parent-watch").daemon().start(() -> endWith(parent, expected));
        try {
            Class.forName(args[0])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /**
     * {@code System.exit} runs the shutdown hooks, and with them the orderly stop of the service.
     */
    private static void endWith(Optional<ProcessHandle> parent, Long expected) {
        try {
            while (isThere(parent, expected)) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            return;
        }
        Thread.ofPlatform().name("parent-watch-halt").daemon().start(Supervised::haltLater);
        System.exit(EXIT_CODE);
    }

    /**
     * An orphan gets another parent at once. That is the test, for a dead parent can still look
     * alive, as a zombie; its being alive is asked as well, for Windows changes no parent.
     */
    private static boolean isThere(Optional<ProcessHandle> parent, Long expected) {
        return parent.isPresent()
                && parent.get().isAlive()
                && parent.equals(ProcessHandle.current().parent())
                && (expected == null || expected == parent.get().pid());
    }

    private static void haltLater() {
        try {
            Thread.sleep(HALT_AFTER_MILLIS);
        } catch (InterruptedException e) {
            // Halting early beats not halting.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
