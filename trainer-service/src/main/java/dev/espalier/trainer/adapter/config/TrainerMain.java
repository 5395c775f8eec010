// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.adapter.config;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.lang.reflect.Proxy;

/** Ends with exit code 0 at SIGTERM: what was trained is kept then, and that is no failure. */
@QuarkusMain
public final class TrainerMain {

    private TrainerMain() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        endWellAtSigterm();
        Quarkus.run(args);
    }

    /**
     * By name: Java has no other way to hear a signal, and the compiler does not let this one pass.
     */
    private static void endWellAtSigterm() throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ending =
                Proxy.newProxyInstance(
                        handler.getClassLoader(),
                        new Class<?>[] {handler},
                        (_, _, _) -> {
                            System.exit(0);
                            return null;
                        });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), ending);
    }
}
