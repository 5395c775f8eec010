// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import dev.espalier.simulation.schedule.Actor;
import dev.espalier.simulation.schedule.Life;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who of a group has which partition. Members are static: one that comes back in time has what it
 * had; one that is not heard of for a session loses it to the others. It may live all the same, and
 * go on with what it took before.
 */
public final class ConsumerGroup {

    private static final long SESSION = 45_000;

    private final Bus bus;
    private final String topic;
    private final SortedMap<String, Life> members = new TreeMap<>();
    private final long[] committed = new long[Bus.PARTITIONS];
    private final Set<Actor> waiting = new LinkedHashSet<>();
    private List<String> owners = List.of();
    private int generation;

    ConsumerGroup(Bus bus, String topic) {
        this.bus = bus;
        this.topic = topic;
    }

    Bus bus() {
        return bus;
    }

    String topic() {
        return topic;
    }

    int generation() {
        return generation;
    }

    long committed(int partition) {
        return committed[partition];
    }

    /** A process comes, or comes back. */
    void join(Life process) {
        Life before = members.put(process.instance(), process);
        if (before == null) {
            rebalance();
        } else if (before != process) {
            generation++;
        }
    }

    boolean isMember(Life process) {
        return members.get(process.instance()) == process;
    }

    boolean owns(Life process, int partition) {
        return isMember(process)
                && partition < owners.size()
                && owners.get(partition).equals(process.instance());
    }

    /** A process is not heard of from now on: it died, or stands still. */
    public void silent(Life process) {
        bus.timeline().at(bus.timeline().now() + SESSION, () -> expire(process));
    }

    private void expire(Life process) {
        boolean isSilent = process.isDead() || process.stalledUntil() > bus.timeline().now();
        if (isMember(process) && isSilent) {
            members.remove(process.instance());
            rebalance();
        }
    }

    /** As the range assignor does. */
    private void rebalance() {
        generation++;
        List<String> ids = List.copyOf(members.keySet());
        List<String> next = new ArrayList<>();
        for (int i = 0; i < Bus.PARTITIONS && !ids.isEmpty(); i++) {
            next.add(ids.get(i * ids.size() / Bus.PARTITIONS));
        }
        owners = next;
        wakeAll(bus.timeline().now());
    }

    /** Only of the owner: a zombie is fenced. */
    void commit(Life process, int partition, long offset) {
        if (owns(process, partition)) {
            committed[partition] = Math.max(committed[partition], offset);
        }
    }

    void arrived(String where, long visibleAt) {
        if (where.equals(topic)) {
            wakeAll(visibleAt);
        }
    }

    private void wakeAll(long at) {
        for (Actor actor : waiting) {
            bus.timeline().wake(actor, at);
        }
    }

    void await(long millis) {
        Actor self = bus.timeline().running();
        waiting.add(self);
        try {
            bus.timeline().idle(millis);
        } finally {
            waiting.remove(self);
        }
    }

    boolean isDrained() {
        for (int i = 0; i < Bus.PARTITIONS; i++) {
            if (committed[i] < bus.log(topic, i).size()) {
                return false;
            }
        }
        return true;
    }

    @Nullable Life member(String instance) {
        return members.get(instance);
    }
}
