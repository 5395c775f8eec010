// SPDX-License-Identifier: Apache-2.0
package dev.espalier.dashboard.application;

import dev.espalier.dashboard.domain.Effect;
import dev.espalier.schemas.Topic;
import dev.espalier.schemas.event.Event;

/** Counts what was read. */
public interface EventObserver {

    void counted(Event event, Effect effect);

    /** A record that is no valid event. */
    void malformed(Topic topic);
}
