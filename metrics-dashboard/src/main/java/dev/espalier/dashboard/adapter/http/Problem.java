// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.adapter.http;

/**
 * A problem document (RFC 9457).
 *
 * @param code for programs, of a closed list
 * @param detail for people: names the value, and what to do
 */
record Problem(String type, String title, int status, String detail, ProblemCode code) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(ProblemCode code, String detail) {
        return new Problem("about:blank", code.title(), code.status(), detail, code);
    }
}
