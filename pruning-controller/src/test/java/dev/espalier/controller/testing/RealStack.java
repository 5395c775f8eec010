// SPDX-License-Identifier: Apache-2.0
package dev.espalier.controller.testing;

import dev.espalier.local.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real broker and a real store for the service under test. */
public final class RealStack implements QuarkusTestResourceLifecycleManager {

    private @Nullable LocalStack stack;

    @Override
    public Map<String, String> start() {
        stack = LocalStack.temporary();
        Map<String, String> settings = new HashMap<>(stack.environment());
        try {
            settings.put(
                    "espalier.controller.work-folder",
                    Files.createTempDirectory("espalier-controller-").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.put("espalier.controller.retry.for-run", "PT2S");
        settings.put("espalier.controller.retry.longest-pause", "PT0.5S");
        return settings;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(stack, new TestInjector.MatchesType(LocalStack.class));
    }

    @Override
    public void stop() {
        if (stack != null) {
            stack.close();
        }
    }
}
