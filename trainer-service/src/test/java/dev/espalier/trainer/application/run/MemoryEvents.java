// SPDX-License-Identifier: Apache-2.0
package dev.espalier.trainer.application.run;

import dev.espalier.schemas.RunId;
import dev.espalier.schemas.event.Event;
import dev.espalier.schemas.event.RunStatus;
import dev.espalier.trainer.application.EventPublisher;
import dev.espalier.trainer.application.ReportedRuns;
import dev.espalier.trainer.application.TryLaterException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Topics in memory that can go away; what is in them outlives the trainer that wrote it. */
final class MemoryEvents implements EventPublisher, ReportedRuns {

    private final List<Event> events = new CopyOnWriteArrayList<>();
    volatile boolean isAway;

    @Override
    public void announce(Event event) {
        events.add(event);
    }

    @Override
    public void publish(Event event) {
        if (isAway) {
            throw new TryLaterException("the broker is away");
        }
        events.add(event);
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public Optional<RunStatus> last(RunId run) {
        return of(run, RunStatus.class).reduce((_, last) -> last);
    }

    <E extends Event> Stream<E> of(RunId run, Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.key().equals(run.value()));
    }
}
