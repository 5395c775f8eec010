// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.simulation.bus.Bus;
import dev.espalier.simulation.bus.ConsumerGroup;
import dev.espalier.simulation.schedule.Faults;
import dev.espalier.simulation.schedule.Steps;
import dev.espalier.simulation.schedule.Timeline;
import dev.espalier.transport.memory.MemoryObjectStore;
import java.nio.file.Path;

/**
 * What outlives every process.
 *
 * @param ledger what is remembered for the checks alone
 * @param folder for temporary files
 */
public record World(
        Timeline timeline,
        Faults faults,
        Steps steps,
        Bus bus,
        MemoryObjectStore objects,
        Groups groups,
        Ledger ledger,
        Path folder,
        Mutation mutation) {

    /** The consumer groups of the services. */
    public record Groups(
            ConsumerGroup trainerRuns,
            ConsumerGroup trainerDecisions,
            ConsumerGroup snapshots,
            ConsumerGroup measurements,
            ConsumerGroup policies) {}

    boolean has(Mutation wanted) {
        return mutation == wanted;
    }
}
