// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.espalier.transport.documents.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the program writes: results to the standard output, and nothing else there; notices and
 * progress to the standard error.
 */
public final class Terminal {

    private static final ObjectMapper JSON = Json.mapper();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;

    /**
     * @param interactive whether progress goes to a terminal, where a line can be drawn again
     */
    public Terminal(PrintStream out, PrintStream err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    /** The process's own streams; what they lead to is known from the script that started it. */
    @SuppressWarnings("SystemOut")
    public static Terminal system() {
        return new Terminal(System.out, System.err, Boolean.getBoolean("espalier.terminal"));
    }

    public boolean isInteractive() {
        return interactive;
    }

    /** A line of the result. */
    public void print(String line) {
        out.println(line);
        out.flush();
    }

    /** The result as one JSON document. */
    public void printJson(Object document) {
        try {
            print(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a document of ours can be written", e);
        }
    }

    /** A line about what is going on. */
    public void notice(String line) {
        err.println(line);
        err.flush();
    }

    /** Characters of a progress bar, as they are. */
    void draw(String characters) {
        err.write(characters.getBytes(StandardCharsets.UTF_8), 0, bytes(characters));
        err.flush();
    }

    private static int bytes(String characters) {
        return characters.getBytes(StandardCharsets.UTF_8).length;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }
}
