// SPDX-License-Identifier: Apache-2.0
package dev.espalier.benchmarks;

/** Something that is timed. */
interface SideBySideCase {

    /** Its row of the table. */
    String name();

    /** How many bytes one run reads; 0 where that is not of interest. */
    long bytes();

    /** Runs once, and says how many milliseconds it took. */
    double run();
}
