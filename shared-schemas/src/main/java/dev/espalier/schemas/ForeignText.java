// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * Makes text from outside safe for messages, logs, headers and labels: bounded in bytes, and
 * without characters that forge lines, colours or the direction of writing. This is the only place
 * that escapes foreign text.
 */
public final class ForeignText {

    /** The greatest size of a reason, in bytes of UTF-8. */
    public static final int REASON_BYTES = 1024;

    /** The greatest size of one foreign value within a message, in bytes of UTF-8. */
    public static final int VALUE_BYTES = 160;

    private static final int MARK_BYTES = 40;

    private ForeignText() {}

    /** Escapes and cuts a single value that is quoted within a message. */
    public static String escaped(String text) {
        return escaped(text, VALUE_BYTES);
    }

    /**
     * Escapes control characters (line breaks included), bidirectional controls and unpaired
     * surrogates as {@code \\uXXXX}, and cuts the result.
     *
     * @param maxBytes the greatest size of the result in bytes of UTF-8, at least 64
     */
    public static String escaped(String text, int maxBytes) {
        return bounded(text, maxBytes, false);
    }

    /**
     * Bounds a whole reason to {@link #REASON_BYTES}. Line feeds stay, because advice is on a
     * second line: a foreign value within the reason has to be escaped before.
     */
    public static String reason(String message) {
        return bounded(message, REASON_BYTES, true);
    }

    private static String bounded(String text, int maxBytes, boolean keepsLines) {
        if (maxBytes < MARK_BYTES + 24) {
            throw new IllegalArgumentException("maxBytes is %d, below 64".formatted(maxBytes));
        }
        // Bounds the work as well: a character has at least one byte.
        String head = text.length() > maxBytes ? text.substring(0, maxBytes) : text;
        var result = new StringBuilder(Math.min(text.length(), maxBytes));
        int bytes = 0;
        int kept = 0;
        int room = maxBytes - MARK_BYTES;
        int lengthInRoom = 0;
        while (kept < head.length()) {
            int point = head.codePointAt(kept);
            String piece = piece(point, keepsLines);
            int size = piece.getBytes(UTF_8).length;
            if (bytes + size > maxBytes) {
                break;
            }
            result.append(piece);
            bytes += size;
            kept += Character.charCount(point);
            if (bytes <= room) {
                lengthInRoom = result.length();
            }
        }
        if (kept == text.length()) {
            return result.toString();
        }
        result.setLength(lengthInRoom);
        return result.append("… (%d characters)".formatted(text.length())).toString();
    }

    private static String piece(int point, boolean keepsLines) {
        if (point == '\n' && keepsLines) {
            return "\n";
        }
        return isHarmful(point)
                ? String.format(Locale.ROOT, "\\u%04x", point)
                : Character.toString(point);
    }

    private static boolean isHarmful(int point) {
        return switch (Character.getType(point)) {
            // Controls, format characters (bidirectional ones are among them), separators of lines.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }
}
