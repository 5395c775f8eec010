// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.bus;

import dev.espalier.simulation.schedule.Life;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The consumer of a process. Records of a partition come one after the other; what was processed is
 * committed every few seconds, so a process that dies leaves some of it to be done again.
 */
public final class Subscription {

    private static final long COMMIT_EVERY = 5_000;
    private static final long LONGEST_WAIT = 600_000;

    /** Hears which partitions it has now. */
    public interface Assignment {

        /**
         * @param committed where the group is, by partition
         * @return whether they are to be read from their beginning
         */
        boolean assigned(Map<Integer, Long> committed);
    }

    private final ConsumerGroup group;
    private final Life process;
    private final Assignment assignment;
    private final Map<Integer, Long> positions = new TreeMap<>();
    private final Map<Integer, Long> processed = new TreeMap<>();
    private int generation = -1;
    private long lastCommit;
    private int turn;

    public Subscription(ConsumerGroup group, Life process, Assignment assignment) {
        this.group = group;
        this.process = process;
        this.assignment = assignment;
    }

    /** From where the group is. */
    public Subscription(ConsumerGroup group, Life process) {
        this(group, process, committed -> false);
    }

    /** Waits for the next record. */
    public ConsumerRecord<String, byte[]> poll() {
        while (true) {
            settle();
            long now = group.bus().timeline().now();
            if (now - lastCommit >= COMMIT_EVERY) {
                commit();
            }
            long next = now + LONGEST_WAIT;
            if (!group.bus().faults().brokerRefuses(now)) {
                for (int i = 0; i < Bus.PARTITIONS; i++) {
                    int partition = (turn + i) % Bus.PARTITIONS;
                    Long position = positions.get(partition);
                    var log = group.bus().log(group.topic(), partition);
                    if (position != null && position < log.size()) {
                        Bus.Stored found = log.get(Math.toIntExact(position));
                        if (found.visibleAt() <= now) {
                            positions.put(partition, position + 1);
                            turn = partition + 1;
                            return found.message();
                        }
                        next = Math.min(next, found.visibleAt());
                    }
                }
            } else {
                next = now + COMMIT_EVERY;
            }
            boolean isBehind =
                    processed.entrySet().stream()
                            .anyMatch(e -> e.getValue() > group.committed(e.getKey()));
            group.await(isBehind ? Math.min(next - now, COMMIT_EVERY) : next - now);
        }
    }

    private void settle() {
        if (!group.isMember(process)) {
            Life other = group.member(process.instance());
            if (other == null || other.isDead()) {
                group.join(process);
            }
        }
        if (generation == group.generation()) {
            return;
        }
        commit();
        generation = group.generation();
        positions.clear();
        processed.clear();
        Map<Integer, Long> owned = new TreeMap<>();
        for (int i = 0; i < Bus.PARTITIONS; i++) {
            if (group.owns(process, i)) {
                owned.put(i, group.committed(i));
            }
        }
        boolean fromBeginning = assignment.assigned(owned);
        owned.forEach((partition, offset) -> positions.put(partition, fromBeginning ? 0 : offset));
    }

    /** A record that was taken is through, and need not come again. */
    public void acknowledge(ConsumerRecord<String, byte[]> message) {
        if (positions.containsKey(message.partition()) && generation == group.generation()) {
            processed.merge(message.partition(), message.offset() + 1, Math::max);
        }
    }

    /** What a consumer does every few seconds, and when it ends in peace. */
    public void commit() {
        lastCommit = group.bus().timeline().now();
        processed.forEach((partition, offset) -> group.commit(process, partition, offset));
    }

    /** The partitions that it has. */
    public Set<Integer> owned() {
        return new HashSet<>(positions.keySet());
    }
}
