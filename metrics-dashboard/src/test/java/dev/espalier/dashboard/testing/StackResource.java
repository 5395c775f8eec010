// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.testing;

import dev.espalier.local.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real broker for the tests of one module. */
public final class StackResource implements QuarkusTestResourceLifecycleManager {

    /** Where the broker is, for the tests' own producers. */
    public static final String BOOTSTRAP = "espalier.dashboard.bootstrap-servers";

    private @Nullable LocalStack stack;

    @Override
    public Map<String, String> start() {
        stack = LocalStack.temporary();
        return Map.of(
                BOOTSTRAP,
                stack.bootstrapServers(),
                "espalier.dashboard.stream.interval",
                "50ms",
                "espalier.dashboard.meters.interval",
                "100ms",
                "espalier.dashboard.meters.linger",
                "2s");
    }

    @Override
    public void stop() {
        if (stack != null) {
            stack.close();
        }
    }
}
