// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.schedule;

/** What goes wrong, and how long things take. Asked in the order in which things happen. */
public interface Faults {

    /** Whether a process dies at this instant, between two of its steps. */
    boolean kills(long now);

    /** How long a process stands still between two of its steps; mostly 0. */
    long stallMillis(long now);

    /** How long a step takes, in milliseconds. */
    long stepMillis();

    /** How long a dead process is missed. */
    long downMillis();

    /** Whether the store is away. */
    boolean storeRefuses(long now);

    /** Whether the broker is away. */
    boolean brokerRefuses(long now);

    /** Whether the store did what it was asked, and the answer got lost. */
    boolean losesAnswer(long now);

    /** When a request of a dead process takes effect after all; negative where it does not. */
    long lateMillis();

    /** How long a record is on its way to its readers. */
    long deliveryMillis();

    /** When a record is written once more; negative where it is not. */
    long repeatedAfterMillis(long now);

    /** How far a reader of a whole topic lags behind. */
    long lagMillis();
}
