// SPDX-License-Identifier: Apache-2.0
package dev.espalier.pqi.application.source;

/**
 * How an artefact is fetched: so many windows are in flight or in use at a time. Their product is
 * the native memory that one reading takes.
 *
 * @param windowBytes fetched by one request
 * @param windows 1 or more
 */
public record ReadAhead(int windowBytes, int windows) {

    public ReadAhead {
        if (windowBytes < 1 || windows < 1) {
            throw new IllegalArgumentException(
                    "%d windows of %d bytes cannot be read ahead: at least 1 of 1 is needed"
                            .formatted(windows, windowBytes));
        }
    }
}
