// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.testing;

import dev.espalier.local.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** A real broker and a real store for the service under test. */
public final class RealStack implements QuarkusTestResourceLifecycleManager {

    private LocalStack stack;

    @Override
    public Map<String, String> start() {
        stack = LocalStack.temporary();
        Map<String, String> settings = new HashMap<>(stack.environment());
        settings.put("espalier.pqi.retry.first-pause", "50ms");
        settings.put("espalier.pqi.retry.longest-pause", "200ms");
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
