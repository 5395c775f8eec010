// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** Runs the modules of the page without a browser. */
final class Scripts implements AutoCloseable {

    private static final Path FOLDER =
            Path.of("src/main/resources/META-INF/resources/js").toAbsolutePath();

    private final Context context =
            Context.newBuilder("js")
                    .allowIO(IOAccess.ALL)
                    .option("engine.WarnInterpreterOnly", "false")
                    .option("js.esm-eval-returns-exports", "true")
                    .build();

    /**
     * Runs a test script.
     *
     * @param imports such as {@code Link from link.js}: names, and the module of the page
     * @return the exported {@code result}
     */
    Value run(String imports, String script) {
        String[] parts = imports.split(" from ", 2);
        String code =
                "import { %s } from '%s';\n%s"
                        .formatted(parts[0], FOLDER.resolve(parts[1]), script);
        try {
            return context.eval(
                            Source.newBuilder("js", code, "test.mjs")
                                    .mimeType("application/javascript+module")
                                    .build())
                    .getMember("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
