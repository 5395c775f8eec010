// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.console;

/** For whom the standard output is. */
public enum OutputFormat {
    /** For people. */
    TEXT,
    /** For programs: exactly one JSON document. */
    JSON
}
