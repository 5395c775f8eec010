// SPDX-License-Identifier: Apache-2.0
package dev.espalier.simulation.service;

import dev.espalier.transport.events.EventCodec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * One codec for each source. They read every schema when they are made, and nothing depends on the
 * time that they write, so all worlds share them.
 */
public record Codecs(EventCodec user, EventCodec trainer, EventCodec pqi, EventCodec controller) {

    public static Codecs make() {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        return new Codecs(
                new EventCodec("/user", clock),
                new EventCodec("/trainer-service", clock),
                new EventCodec("/pqi-service", clock),
                new EventCodec("/pruning-controller", clock));
    }
}
