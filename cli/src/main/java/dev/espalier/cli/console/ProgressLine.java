// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is going on, on the standard error: on a terminal one line that is drawn again and again;
 * elsewhere a plain line from time to time, without control characters and without repetitions.
 *
 * <p>Safe for use by several threads.
 */
public final class ProgressLine {

    private static final String ERASE = "\r\u001b[K";
    private static final int BAR_CELLS = 24;
    private static final Duration PLAIN_EVERY = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final Clock clock;
    private String drawn = "";
    private String plain = "";
    private @Nullable Instant lastPlain;

    public ProgressLine(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    /**
     * @param what is done, such as {@code iteration 3/12}
     * @param ratio of it, from 0 to 1
     * @param detail shown after the bar
     */
    public synchronized void show(String what, double ratio, String detail) {
        if (terminal.isInteractive()) {
            drawn = "%s [%s] %s".formatted(what, bar(ratio), detail);
            terminal.draw(ERASE + drawn);
            return;
        }
        String line = "%s, %s".formatted(what, detail);
        Instant now = clock.instant();
        boolean due =
                lastPlain == null || Duration.between(lastPlain, now).compareTo(PLAIN_EVERY) >= 0;
        if (due && !line.equals(plain)) {
            lastPlain = now;
            plain = line;
            terminal.notice(line);
        }
    }

    /** Writes a line of the result above the progress. */
    public synchronized void above(String resultLine) {
        if (drawn.isEmpty()) {
            terminal.print(resultLine);
        } else {
            terminal.draw(ERASE);
            terminal.print(resultLine);
            terminal.draw(drawn);
        }
    }

    /** Writes a notice above the progress. */
    public synchronized void notice(String line) {
        if (drawn.isEmpty()) {
            terminal.notice(line);
        } else {
            terminal.draw(ERASE);
            terminal.notice(line);
            terminal.draw(drawn);
        }
    }

    /** Takes the drawn line away. */
    public synchronized void clear() {
        if (!drawn.isEmpty()) {
            terminal.draw(ERASE);
            drawn = "";
        }
    }

    private static String bar(double ratio) {
        int full = (int) Math.round(Math.clamp(ratio, 0.0, 1.0) * BAR_CELLS);
        return "#".repeat(full) + "-".repeat(BAR_CELLS - full);
    }
}
