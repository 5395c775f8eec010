// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.connect;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.CompressibilityMeasured;
import dev.espalier.schemas.event.EpochCompleted;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.MeasurementFailed;
import dev.espalier.schemas.event.PolicySelected;
import dev.espalier.schemas.event.PolicyStatus;
import dev.espalier.schemas.event.PruningDecided;
import dev.espalier.schemas.event.RangeRequested;
import dev.espalier.schemas.event.RunCondition;
import dev.espalier.schemas.event.RunRequested;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.schemas.event.SnapshotPublished;
import dev.espalier.transport.events.MalformedEventException;
import dev.espalier.transport.events.Received;
import dev.espalier.transport.events.TopicFollower;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the topics say: the last request, status and policy of each run, and every decision. The
 * first decision on an iteration is the one that holds; a repeated event changes nothing.
 */
public final class LoopView implements TopicFollower.Listener {

    private final SortedMap<String, RunRequested> requests = new TreeMap<>();
    private final SortedMap<String, RunStatus> statuses = new TreeMap<>();
    private final SortedMap<String, NavigableMap<Long, Received<PolicySelected>>> policies =
            new TreeMap<>();
    private final Map<String, Set<Long>> refusedPolicies = new HashMap<>();
    private final SortedMap<String, PolicyStatus> policyStatuses = new TreeMap<>();
    private final SortedMap<String, SortedMap<Integer, PruningDecided>> decisions = new TreeMap<>();

    @Override
    public synchronized void onEvent(
            Received<Event> received, ConsumerRecord<String, byte[]> record) {
        switch (received.event()) {
            case RunRequested e -> requests.put(e.key(), e);
            case RunStatus e -> statuses.put(e.key(), e);
            case PolicySelected e ->
                    policies.computeIfAbsent(e.key(), _ -> new TreeMap<>())
                            .put(
                                    record.offset(),
                                    new Received<>(e, received.id(), received.source()));
            case PolicyStatus e -> status(e);
            case PruningDecided e ->
                    decisions
                            .computeIfAbsent(e.key(), _ -> new TreeMap<>())
                            .putIfAbsent(e.iteration(), e);
            case SnapshotPublished _, CompressibilityMeasured _, MeasurementFailed _ -> {}
            case RangeRequested _ -> {}
            case EpochCompleted _, RunCondition _ -> {}
        }
    }

    private void status(PolicyStatus status) {
        policyStatuses.put(status.key(), status);
        if (status.answer() == PolicyStatus.Answer.REFUSED) {
            refusedPolicies
                    .computeIfAbsent(status.key(), _ -> new HashSet<>())
                    .add(status.offset());
        }
    }

    @Override
    public synchronized void onTombstone(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            return;
        }
        switch (record.topic()) {
            case "espalier.runs" -> requests.remove(record.key());
            case "espalier.run-status" -> statuses.remove(record.key());
            case "espalier.policies" -> policies.remove(record.key());
            case "espalier.policy-status" -> policyStatuses.remove(record.key());
            default -> {}
        }
    }

    /** Somebody else's: whoever has to process it has put it into the dead letters. */
    @Override
    public void onMalformed(
            ConsumerRecord<String, byte[]> record, MalformedEventException reason) {}

    /** Every run that was asked for, by id. */
    public synchronized List<RunRequested> requests() {
        return List.copyOf(requests.values());
    }

    public synchronized Optional<RunRequested> request(RunId run) {
        return Optional.ofNullable(requests.get(run.value()));
    }

    public synchronized Optional<RunStatus> status(RunId run) {
        return Optional.ofNullable(statuses.get(run.value()));
    }

    /** In the order of their iterations. */
    public synchronized List<PruningDecided> decisions(RunId run) {
        SortedMap<Integer, PruningDecided> known = decisions.get(run.value());
        return known == null ? List.of() : List.copyOf(known.values());
    }

    /**
     * The last one that the controller did not refuse.
     *
     * @param target a run id, or {@code default}
     */
    public synchronized Optional<Received<PolicySelected>> selectedPolicy(String target) {
        NavigableMap<Long, Received<PolicySelected>> selected = policies.get(target);
        if (selected == null) {
            return Optional.empty();
        }
        Set<Long> refused = refusedPolicies.getOrDefault(target, Set.of());
        return selected.descendingMap().entrySet().stream()
                .filter(entry -> !refused.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** What the controller says to the last policy of a target. */
    public synchronized Optional<PolicyStatus> policyStatus(String target) {
        return Optional.ofNullable(policyStatuses.get(target));
    }
}
