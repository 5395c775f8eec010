// SPDX-License-Identifier: Apache-2.0
package dev.espalier.testing;

import dev.espalier.local.LocalStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real broker and a real store for the service under test. The arguments of the resource are
 * settings of the service. Fields of the type {@link LocalStack} are set.
 */
public final class RealStack implements QuarkusTestResourceLifecycleManager {

    /** As the value of a setting: a new temporary folder. */
    public static final String NEW_FOLDER = "new-folder";

    private final Map<String, String> settings = new HashMap<>();
    private @Nullable LocalStack stack;

    @Override
    public void init(Map<String, String> arguments) {
        arguments.forEach(
                (name, value) ->
                        settings.put(name, value.equals(NEW_FOLDER) ? newFolder() : value));
    }

    @Override
    public Map<String, String> start() {
        stack = LocalStack.temporary();
        Map<String, String> all = new HashMap<>(stack.environment());
        all.putAll(settings);
        return all;
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

    private static String newFolder() {
        try {
            return Files.createTempDirectory("espalier-test-").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
