// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. Absence is a dash, never a zero. */
public final class Figures {

    public static final String NONE = "-";

    private Figures() {}

    /** A ratio from 0 to 1 in per cent. */
    public static String percent(@Nullable Double ratio) {
        return ratio == null ? NONE : String.format(Locale.ROOT, "%.2f", 100 * ratio);
    }

    public static String index(@Nullable Double value) {
        return value == null ? NONE : String.format(Locale.ROOT, "%.4f", value);
    }

    public static String weights(@Nullable Double count) {
        return count == null ? NONE : String.format(Locale.ROOT, "%.1f", count);
    }

    /** The shortest text of a number: 0.5, 1, 2. */
    public static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** A whole number, the nearest. */
    public static String whole(double value) {
        return Long.toString(Math.round(value));
    }

    /** Such as 0:45 or 1:02:03. */
    public static String clock(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3600,
                        seconds / 60 % 60,
                        seconds % 60);
    }
}
