// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas;

/**
 * Why something was decided or went wrong.
 *
 * @param code for programs: lower-case words joined by hyphens. The list is open: readers show a
 *     code that they do not know, and do not fail on it
 * @param message for people: one sentence that names the values
 */
public record Reason(String code, String message) {

    public Reason {
        if (!code.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "'%s' is not a reason code: lower-case words joined by '-'".formatted(code));
        }
        if (message.isBlank()) {
            throw new IllegalArgumentException("the reason " + code + " has no message");
        }
    }

    /**
     * Makes a reason whose message is bounded and safe to print, see {@link ForeignText#reason}.
     */
    public static Reason of(String code, String message) {
        return new Reason(code, ForeignText.reason(message));
    }
}
