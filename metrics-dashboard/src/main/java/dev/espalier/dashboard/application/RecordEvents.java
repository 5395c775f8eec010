// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import dev.espalier.dashboard.domain.ReadModel;
import dev.espalier.schemas.RunId;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;
import java.time.Instant;

/** Takes what the topics hold into the read model, and counts it. */
public final class RecordEvents {

    private final ReadModel model;
    private final EventObserver observer;

    public RecordEvents(ReadModel model, EventObserver observer) {
        this.model = model;
        this.observer = observer;
    }

    /**
     * @param at when the event was written
     */
    public void event(Event event, Instant at) {
        observer.counted(event, model.apply(event, at));
    }

    public void deleted(Topic topic, RunId runId, Instant at) {
        model.forget(topic, runId, at);
    }

    public void malformed(Topic topic) {
        observer.malformed(topic);
    }
}
